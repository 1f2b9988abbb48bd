using OneServe.Configuration;
using OneServe.StaticFiles;

namespace OneServe.Gateway;

/// <summary>Makes what the static files need of the options.</summary>
internal static class StaticRuleReader
{
    public static StaticFileMaps? MapsOf(ServerOptions options)
    {
        var files = options.StaticFiles;
        return options.StaticMaps.IsEmpty && files.ClosedPrefixes.IsEmpty ? null : new StaticFileMaps(options.StaticMaps.Select(MapOf), RulesOf(files));
    }

    /// <summary>The directories of `x-sendfile`, each below its own path; null: none.</summary>
    public static StaticFileMaps? SendDirectoriesOf(StaticFileOptions files)
        => files.SendDirectories.IsEmpty
            ? null
            : new StaticFileMaps(files.SendDirectories.Select(directory => new StaticMap(Path.GetFullPath(directory.Value), directory.Value)), SendRulesOf(files));

    /// <summary>The prefixes of `x-accel-redirect`; null: none.</summary>
    public static StaticFileMaps? SendMapsOf(StaticFileOptions files)
        => files.SendMaps.IsEmpty ? null : new StaticFileMaps(files.SendMaps.Select(MapOf), SendRulesOf(files));

    private static StaticMap MapOf(StaticMapOptions map) => new(map.Prefix, map.Target, map.AppendsWholePath);

    private static StaticRules RulesOf(StaticFileOptions files) => new()
    {
        Index = files.Index,
        SafeDirectories = files.SafeDirectories,
        SkippedSuffixes = files.SkippedSuffixes,
        ClosedPrefixes = files.ClosedPrefixes,
        DotFiles = files.DotFiles,
        ImmutablePaths = files.ImmutablePaths,
        Expiry = [.. files.Expiry.Select(rule => new ExpiryRule(SubjectOf(rule.Subject), rule.Pattern, rule.Seconds, rule.AfterLastChange))],
        Siblings = files.AllSiblings ? SiblingRules.All : new SiblingRules(files.SiblingPatterns, files.SiblingDirectories.Select(Path.GetFullPath), files.SiblingSuffixes),
        Types = TypesOf(files),
    };

    /// <summary>
    /// Files that an application hands out are chosen by it, dot or not, and are often private: no cache may give them to others without asking. They
    /// are often uploads, too, among which a name may not change what another one means.
    /// </summary>
    private static StaticRules SendRulesOf(StaticFileOptions files) => new()
    {
        SafeDirectories = files.SafeDirectories,
        DotFiles = true,
        Siblings = SiblingRules.None,
        Types = TypesOf(files),
        CacheControl = "private, no-cache",
    };

    /// <summary>What a route chooses is chosen: neither prefixes nor suffixes of URLs decide over it any more.</summary>
    public static StaticRules RouteRulesOf(StaticFileOptions files) => RulesOf(files) with { Index = [], SkippedSuffixes = [], ClosedPrefixes = [] };

    private static ContentTypes TypesOf(StaticFileOptions files)
    {
        var types = ContentTypes.BuiltIn;
        foreach (var file in files.TypeFiles)
        {
            try
            {
                types = types.With(File.ReadAllText(file.Value));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The master has warned of it at the start; the table that is built in serves on.
            }
        }
        return types;
    }

    private static ExpirySubject SubjectOf(StaticExpirySubject subject) => subject switch
    {
        StaticExpirySubject.FilePath => ExpirySubject.FilePath,
        StaticExpirySubject.UrlPath => ExpirySubject.UrlPath,
        StaticExpirySubject.Url => ExpirySubject.Url,
        _ => ExpirySubject.ContentType,
    };
}
