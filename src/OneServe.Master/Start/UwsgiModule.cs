using System.Globalization;
using OneServe.Application.Marshal;
using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe.Master.Start;

/// <summary>What the module `uwsgi` of the application says about the server (docs/protocol.md, "Processes"; uwsgi.py).</summary>
internal static class UwsgiModule
{
    /// <summary>The number that the first descriptor of <see cref="Processes.ApplicationMemory"/> has in the prototype.</summary>
    public const int FirstDescriptor = 6;

    /// <summary>Always so here; libraries look whether it was written.</summary>
    private static readonly string[] AlwaysOn = ["master", "enable-threads", "py-call-uwsgi-fork-hooks"];

    /// <summary>The Python files that are left out when there is to be no such module.</summary>
    public static readonly string[] Files = ["uwsgi.py", "uwsgidecorators.py"];

    /// <summary>Writes the dict.</summary>
    public static void Write(MarshalWriter writer, ServerOptions options, int generation, long started)
    {
        writer.BeginDict();
        writer.Text("master").Integer(ProcessCalls.Id);
        writer.Text("generation").Integer(generation);
        writer.Text("started").Text(started.ToString(CultureInfo.InvariantCulture));
        writer.Text("processes").Integer(options.Processes);
        writer.Text("threads").Integer(options.Threads);
        writer.Text("buffer-size").Integer(options.HeadLimit);
        writer.Text("locks").Integer(options.Locks);
        writer.Text("locks-descriptor").Integer(FirstDescriptor);
        writer.Text("descriptors").BeginList(1 + options.Caches.Length);
        for (int index = 0; index <= options.Caches.Length; index++)
            writer.Integer(FirstDescriptor + index);
        WriteCaches(writer, options);
        WriteOptions(writer, options);
        writer.Text("magic").BeginDict();
        foreach (var (letter, value) in options.MagicVariables)
            writer.Text(letter.ToString()).Text(value);
        writer.EndDict().EndDict();
    }

    private static void WriteCaches(MarshalWriter writer, ServerOptions options)
    {
        writer.Text("caches").BeginList(options.Caches.Length);
        int descriptor = FirstDescriptor;
        foreach (var cache in options.Caches)
        {
            writer.BeginList(6).Integer(++descriptor).Text(cache.Name).Integer(cache.Items);
            writer.Integer(cache.BlockSize).Integer(cache.KeySize).Bool(cache.Evicts);
        }
    }

    /// <summary>`uwsgi.opt`: an option is there under all its names, since only one of them is kept of what was written.</summary>
    private static void WriteOptions(MarshalWriter writer, ServerOptions options)
    {
        var always = AlwaysOn.Where(name => options.Settings.All(setting => setting.Name != name)).Select(static name => (Name: name, Value: "true"));
        var written = options.Settings.SelectMany(static setting => NamesOf(setting.Name).Select(name => (Name: name, setting.Value)));
        var placeholders = options.Placeholders.Select(static setting => (setting.Name, setting.Value));
        var all = written.Concat(placeholders).Concat(always).ToArray();
        writer.Text("opt").BeginList(all.Length);
        foreach (var (name, value) in all)
            writer.BeginList(2).Text(name).Text(value);
    }

    private static IEnumerable<string> NamesOf(string name) => OptionTable.Find(name) is { } option ? option.Aliases.Prepend(option.Name) : [name];
}
