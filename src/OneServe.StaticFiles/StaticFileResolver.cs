namespace OneServe.StaticFiles;

/// <summary>Finds the file that a path names: the first map in order that has one. Keeps nothing between calls.</summary>
internal sealed class StaticFileResolver(StaticFileMaps maps, RepresentationLoader loader, TimeProvider clock)
{
    public Resolution Resolve(string path)
    {
        var search = new FileSearch(loader, clock.GetUtcNow());
        foreach (var target in maps.Targets)
        {
            if (!target.Matches(path))
                continue;
            var kind = search.Search(target, target.Rest(path));
            if (kind != ResolutionKind.Missing)
                return search.Result(kind);
        }
        return Resolution.Missing;
    }
}
