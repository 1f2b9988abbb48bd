using System.Collections.Immutable;
using System.Text;
using OneServe.Posix;

namespace OneServe.StaticFiles;

/// <summary>Where the static files of one configuration lie, in the order of search, and how they are served. Immutable: any thread may use it.</summary>
public sealed class StaticFileMaps
{
    private readonly MapTarget[] _targets;

    private readonly string[] _closed;
    private readonly string[] _skipped;

    public StaticFileMaps(IEnumerable<StaticMap> maps, StaticRules? rules = null)
    {
        Rules = rules ?? new StaticRules();
        Freshness = new FreshnessRules(Rules);
        Safe = [.. Rules.SafeDirectories.Select(directory => Encoding.UTF8.GetBytes(directory + '\0'))];
        Index = [.. Rules.Index.Select(Encoding.UTF8.GetBytes)];
        _targets = [.. maps.Select(map => new MapTarget(map))];
        _closed = [.. Rules.ClosedPrefixes.Select(MapTarget.Prefix)];
        _skipped = [.. Rules.SkippedSuffixes.Select(suffix => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(suffix)))];
    }

    internal StaticRules Rules { get; }

    internal FreshnessRules Freshness { get; }

    /// <summary>Paths of the safe directories, ending with NUL.</summary>
    internal byte[][] Safe { get; }

    internal byte[][] Index { get; }

    internal ReadOnlySpan<MapTarget> Targets => _targets;

    /// <summary>True when an answer may have to come from here: the path is covered by a map, or the application is not to be asked about it.</summary>
    public bool Concern(ReadOnlySpan<char> path) => Covers(path) || IsClosed(path);

    /// <summary>True when the path lies below a prefix that is closed to the application.</summary>
    internal bool IsClosed(ReadOnlySpan<char> path)
    {
        foreach (string prefix in _closed)
        {
            if (MapTarget.IsBelow(prefix, path))
                return !IsSkipped(path);
        }
        return false;
    }

    /// <summary>True when a map's prefix covers the path: everything else is the application's at once.</summary>
    public bool Covers(ReadOnlySpan<char> path)
    {
        if (IsSkipped(path))
            return false;
        foreach (var target in _targets)
        {
            if (target.Matches(path))
                return true;
        }
        return false;
    }

    private bool IsSkipped(ReadOnlySpan<char> path)
    {
        foreach (string suffix in _skipped)
        {
            if (path.EndsWith(suffix, StringComparison.Ordinal))
                return true;
        }
        return false;
    }

    /// <summary>
    /// The maps whose target is neither a directory nor a file now. Not an error, a target that appears later is served from then on; but worth
    /// a line at start, since it is most often a forgotten collectstatic or a slip of the pen.
    /// </summary>
    public ImmutableArray<StaticMap> FindMissingTargets()
        => [.. _targets
            .Where(target => FileStatusCalls.Read(target.Path, out var status).IsError || !(status.IsRegular || status.IsDirectory))
            .Select(target => target.Map)];
}
