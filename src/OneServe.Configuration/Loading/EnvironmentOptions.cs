namespace OneServe.Configuration;

/// <summary>
/// Options given as environment variables: `UWSGI_HTTP_SOCKET` is `http-socket`, and so is `ONESERVE_HTTP_SOCKET`, which counts for more. They
/// come before everything else.
/// </summary>
internal static class EnvironmentOptions
{
    public static readonly SourceLocation Source = new("environment", 0);

    /// <summary>Of a value that may be given once the last mention counts.</summary>
    private static readonly string[] Prefixes = ["UWSGI_", "ONESERVE_"];

    /// <summary>Variables by which uWSGI's processes talk to each other.</summary>
    private static readonly HashSet<string> Internal =
    [
        "RELOADS", "VASSALS_DIR", "EMPEROR_FD", "BROODLORD_NUM", "EMPEROR_FD_CONFIG", "EMPEROR_PROXY", "JAIL_PID", "ORIGINAL_PROC_NAME",
    ];

    /// <summary>The statements, in order of their names: an environment has no order of its own.</summary>
    public static IEnumerable<Statement> Read(IReadOnlyDictionary<string, string> environment) =>
        from prefix in Prefixes
        from variable in environment.Where(variable => variable.Key.StartsWith(prefix, StringComparison.Ordinal))
        let name = variable.Key[prefix.Length..]
        where name.Length > 0
        where !Internal.Contains(name)
        orderby Array.IndexOf(Prefixes, prefix), name
        select new Statement(name.ToLowerInvariant().Replace('_', '-'), variable.Value, Source);
}
