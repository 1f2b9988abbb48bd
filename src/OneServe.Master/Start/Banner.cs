using System.Globalization;
using System.Text;
using OneServe.Configuration;

namespace OneServe.Master.Start;

/// <summary>What a person reads when the server is ready.</summary>
internal static class Banner
{
    /// <summary>Composes the banner, a line feed at its end.</summary>
    /// <param name="version">OneServe's.</param>
    /// <param name="options">The configuration in force.</param>
    /// <param name="addresses">Where it listens, for people.</param>
    /// <param name="facts">What the prototype told about itself (`python`, `executable`, `application`, `framework`, `seconds`).</param>
    /// <param name="exists">Whether a static map's target is there.</param>
    /// <param name="pid">The master's.</param>
    public static string Compose(
        string version,
        ServerOptions options,
        IEnumerable<string> addresses,
        IReadOnlyDictionary<string, string> facts,
        Func<string, bool> exists,
        int pid)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\nOneServe {version} is ready (master pid {pid})\n\n");
        Section(text, "listening", addresses);
        int widest = options.StaticMaps.Select(static map => map.Prefix.Length).DefaultIfEmpty(0).Max();
        Section(text, "static", options.StaticMaps.Select(map => $"{map.Prefix.PadRight(widest)} -> {map.Target}{(exists(map.Target) ? "" : "   (missing)")}"));
        if (facts.Count == 0)
        {
            Section(text, "application", ["none: static files alone"]);
        }
        else
        {
            Section(text, "application", [Application(facts)]);
            Section(text, "python", [$"{Fact(facts, "python")} ({Fact(facts, "executable")})"]);
            Section(text, "workers", [$"{Processes(options)}, {Slots(options)} each"]);
        }
        return text.Append('\n').ToString();
    }

    private static string Processes(ServerOptions options)
        => (options.Scaling.IsOn ? $"{options.Scaling.Least} to " : "") + Count(options.Processes, "process", "processes");

    private static string Slots(ServerOptions options)
        => options.Gevent.Requests > 0 ? Count(options.Gevent.Requests, "greenlet", "greenlets") : Count(options.Threads, "thread", "threads");

    private static string Application(IReadOnlyDictionary<string, string> facts)
    {
        string framework = Fact(facts, "framework") is { Length: > 0 } name ? $" ({name})" : "";
        string seconds = Fact(facts, "seconds") is { Length: > 0 } time ? $", loaded in {time} s" : "";
        return Fact(facts, "application") + framework + seconds;
    }

    private static void Section(StringBuilder text, string title, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {title,-12} {line}\n");
            title = "";
        }
    }

    private static string Count(int count, string one, string many) => $"{count} {(count == 1 ? one : many)}";

    private static string Fact(IReadOnlyDictionary<string, string> facts, string name) => facts.GetValueOrDefault(name, "");
}
