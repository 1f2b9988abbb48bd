using OneServe.Posix;

namespace OneServe.Master.Watching;

/// <summary>What the processes of one generation have told of their Python code (`modules`, `ignored`, `late` of docs/protocol.md).</summary>
/// <param name="since">Before the first of it was read.</param>
internal sealed class LoadedModules(DateTimeOffset since)
{
    /// <summary>They run the application's code: there is an end to what they may make us keep.</summary>
    private const int Most = 100_000;

    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ignored = new(StringComparer.Ordinal);
    private readonly HashSet<string> _late = new(StringComparer.Ordinal);
    private readonly List<string> _lateInOrder = [];

    public DateTimeOffset Since => since;

    /// <summary>Files; with a slash at the end: directories whose Python sources all count.</summary>
    public IReadOnlyCollection<string> Paths => _paths;

    /// <summary>Files that do not count; with a slash at the end: nor does anything below.</summary>
    public IReadOnlyCollection<string> Ignored => _ignored;

    /// <summary>Names of the application's modules that workers have loaded, in that order: with the first request that needed them, as a rule.</summary>
    public IReadOnlyList<string> Late => _lateInOrder;

    /// <summary>Takes such a message.</summary>
    /// <returns>The paths that were not known yet.</returns>
    public LoadedModules Take(ControlMessage message)
    {
        var news = new LoadedModules(since);
        string[] lines = message.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        switch (message.Verb)
        {
            case "late":
                _lateInOrder.AddRange(Fresh(lines, _late));
                break;
            case "ignored":
                news._ignored.UnionWith(Fresh(lines.Where(Path.IsPathRooted), _ignored));
                break;
            default:
                news._paths.UnionWith(Fresh(lines.Where(Path.IsPathRooted), _paths));
                break;
        }
        return news;
    }

    private static IEnumerable<string> Fresh(IEnumerable<string> lines, HashSet<string> known) => lines.Where(line => known.Count < Most && known.Add(line));
}
