namespace OneServe.StaticFiles;

/// <summary>Finds the file that a path names: the first map in order that has one. Keeps nothing between calls.</summary>
internal sealed class StaticFileResolver(StaticFileMaps maps, RepresentationLoader loader, TimeProvider clock)
{
    /// <param name="path">The request's path.</param>
    /// <param name="mayWait">Whether bytes may be fetched from a disk; else such a file is <see cref="ResolutionKind.Cold"/>.</param>
    public Resolution Resolve(string path, bool mayWait)
    {
        var search = new FileSearch(maps, path, loader, mayWait, clock.GetUtcNow());
        foreach (var target in maps.Targets)
        {
            if (!target.Matches(path))
                continue;
            var kind = search.Search(target);
            if (kind != ResolutionKind.Missing)
                return search.Result(kind);
        }
        return Resolution.Missing;
    }
}
