namespace OneServe.Configuration;

/// <summary>Options given as environment variables: `UWSGI_HTTP_SOCKET` is `http-socket`. They come before everything else.</summary>
internal static class EnvironmentOptions
{
    public static readonly SourceLocation Source = new("environment", 0);

    private const string Prefix = "UWSGI_";

    /// <summary>Variables by which uWSGI's processes talk to each other.</summary>
    private static readonly HashSet<string> Internal =
    [
        "RELOADS", "VASSALS_DIR", "EMPEROR_FD", "BROODLORD_NUM", "EMPEROR_FD_CONFIG", "EMPEROR_PROXY", "JAIL_PID", "ORIGINAL_PROC_NAME",
    ];

    /// <summary>The statements, in order of their names: an environment has no order of its own.</summary>
    public static IEnumerable<Statement> Read(IReadOnlyDictionary<string, string> environment) =>
        from variable in environment
        where variable.Key.StartsWith(Prefix, StringComparison.Ordinal) && variable.Key.Length > Prefix.Length
        let name = variable.Key[Prefix.Length..]
        where !Internal.Contains(name)
        orderby name
        select new Statement(name.ToLowerInvariant().Replace('_', '-'), variable.Value, Source);
}
