using System.Collections.Immutable;
using OneServe.Application;
using OneServe.Application.Marshal;
using OneServe.Configuration;

namespace OneServe.Master.Start;

/// <summary>What the prototype process starts with: our Python sources and the part of the configuration that is Python's business.</summary>
internal static class PrototypeImage
{
    /// <summary>Read by `python -c`; everything else comes with the descriptors.</summary>
    private const string BootFile = "boot.py";

    /// <summary>The text for `python -c`.</summary>
    public static string Boot => PythonSources.Files[BootFile];

    /// <summary>The marshalled dict of docs/protocol.md, "Processes".</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="generation">Whose prototype it is.</param>
    /// <param name="started">When the server was started, seconds since 1970.</param>
    /// <param name="loadAgain">What workers load before they are ready, with `py-autoreload`.</param>
    /// <param name="isRehearsal">The application is only imported, to see whether it can be.</param>
    public static byte[] Build(ServerOptions options, int generation, long started, LoadAgain loadAgain, bool isRehearsal = false)
    {
        var writer = new MarshalWriter();
        writer.BeginDict().Text("sources").BeginDict();
        foreach (var (path, text) in PythonSources.Files)
        {
            if (path != BootFile && (options.Application.HasUwsgiModule || !UwsgiModule.Files.Contains(path)))
                writer.Text(path).Text(text);
        }
        writer.EndDict().Text("role").Text(isRehearsal ? "rehearsal" : "prototype").Text("config").BeginDict();
        WriteConfiguration(writer, options);
        WriteDevelopment(writer, options.Development, loadAgain);
        if (options.Application.HasUwsgiModule)
            UwsgiModule.Write(writer.Text("uwsgi"), options, generation, started);
        return writer.EndDict().EndDict().Written.ToArray();
    }

    private static void WriteConfiguration(MarshalWriter writer, ServerOptions options)
    {
        var application = options.Application;
        WriteText(writer, "module", application.Module);
        WriteText(writer, "callable", application.Callable);
        WriteText(writer, "wsgi-file", application.File);
        WriteText(writer, "chdir", application.Directory);
        WriteText(writer, "error-page-500", options.Routing.ErrorPages.FirstOrDefault(static page => page.Status == 500)?.File);
        WriteText(writer, "pyargv", application.Arguments);
        WriteList(writer, "pythonpath", application.PythonPath);
        WriteList(writer, "mount", application.Mounts);
        WriteList(writer, "import", application.Imports);
        WriteList(writer, "shared-import", application.SharedImports);
        writer.Text("manage-script-name").Bool(application.ManageScriptName);
        writer.Text("threads").Integer(options.Threads);
        WriteGevent(writer, options.Gevent);
        writer.Text("processes").Integer(options.Processes);
        writer.Text("request-queue-timeout").Integer((int)options.QueueTimeout.TotalSeconds);
        WriteWear(writer, options);
        WriteAttributes(writer, options.Attributes);
        writer.Text("lazy-apps").Bool(application.Lazy);
        writer.Text("need-app").Bool(application.Required);
    }

    /// <summary>What each process takes on by itself; nothing where nothing is asked for.</summary>
    private static void WriteAttributes(MarshalWriter writer, ProcessOptions attributes)
    {
        if (attributes.AddressSpace > 0)
            writer.Text("limit-as").Integer(attributes.AddressSpace);
        if (attributes.CpusPerWorker > 0)
            writer.Text("cpu-affinity").Integer(attributes.CpusPerWorker);
        if (attributes.Titles.Common is { } title)
            writer.Text("procname").Text(title);
        if (attributes.Titles.Prefix.Length > 0)
            writer.Text("procname-prefix").Text(attributes.Titles.Prefix);
        if (attributes.Titles.Suffix.Length > 0)
            writer.Text("procname-append").Text(attributes.Titles.Suffix);
    }

    private static void WriteDevelopment(MarshalWriter writer, DevelopmentOptions options, LoadAgain loadAgain)
    {
        if (options.ReloadsCode)
        {
            writer.Text("watch-modules").Bool(true);
            WriteList(writer, "ignore-modules", options.IgnoredModules);
            WriteList(writer, "load-again", loadAgain.Modules);
            WriteList(writer, "edited", loadAgain.Edited);
        }
        if (options.ShowsExceptions)
            writer.Text("catch-exceptions").Bool(true);
    }

    private static void WriteGevent(MarshalWriter writer, GeventOptions gevent)
    {
        if (gevent.Requests == 0)
            return;
        writer.Text("gevent").Integer(gevent.Requests);
        writer.Text("gevent-monkey-patch").Bool(gevent.Patches);
        writer.Text("gevent-wait-for-hub").Bool(gevent.WaitsForHub);
    }

    /// <summary>When a worker has served its time (wear.py); nothing when it never has.</summary>
    private static void WriteWear(MarshalWriter writer, ServerOptions options)
    {
        var limits = options.Workers;
        if (limits.Requests > 0)
        {
            writer.Text("worker-requests").BeginList(options.Processes);
            for (int number = 1; number <= options.Processes; number++)
                writer.Integer((int)Math.Min(limits.RequestsOf(number, options.Processes), int.MaxValue));
        }
        if (limits.Resident > 0)
            writer.Text("reload-on-rss").Integer((int)(limits.Resident >> 20));
        if (limits.AddressSpace > 0)
            writer.Text("reload-on-as").Integer((int)(limits.AddressSpace >> 20));
        if (limits.Requests > 0 || limits.Resident > 0 || limits.AddressSpace > 0)
            writer.Text("min-worker-lifetime").Integer((int)limits.LeastLifetime.TotalSeconds);
    }

    private static void WriteList(MarshalWriter writer, string key, ImmutableArray<Setting> settings)
    {
        if (!settings.IsEmpty)
            WriteList(writer, key, [.. settings.Select(static setting => setting.Value)]);
    }

    private static void WriteList(MarshalWriter writer, string key, IReadOnlyCollection<string> texts)
    {
        writer.Text(key).BeginList(texts.Count);
        foreach (string text in texts)
            writer.Text(text);
    }

    private static void WriteText(MarshalWriter writer, string key, Setting? setting)
    {
        if (setting is not null)
            writer.Text(key).Text(setting.Value);
    }
}
