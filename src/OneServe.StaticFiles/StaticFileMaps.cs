using System.Collections.Immutable;
using OneServe.Posix;

namespace OneServe.StaticFiles;

/// <summary>The `static-map` lines of one configuration in order of declaration. Immutable: any thread may use it.</summary>
public sealed class StaticFileMaps
{
    private readonly MapTarget[] _targets;

    public StaticFileMaps(IEnumerable<StaticMap> maps) => _targets = [.. maps.Select(map => new MapTarget(map))];

    internal ReadOnlySpan<MapTarget> Targets => _targets;

    /// <summary>True when a map's prefix covers the path: everything else is the application's at once.</summary>
    public bool Covers(ReadOnlySpan<char> path)
    {
        foreach (var target in _targets)
        {
            if (target.Matches(path))
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
