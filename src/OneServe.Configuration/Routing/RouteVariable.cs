namespace OneServe.Configuration;

/// <summary>The variables of a request that a route's text may name: those of the environ.</summary>
public static class RouteVariable
{
    /// <summary>Before the name of a header field, in capitals and with `_` for `-`.</summary>
    public const string FieldPrefix = "HTTP_";

    /// <summary>All but the header fields.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "REMOTE_ADDR", "REMOTE_USER", "REQUEST_METHOD", "REQUEST_URI", "PATH_INFO", "QUERY_STRING", "SERVER_PROTOCOL", "CONTENT_TYPE",
    ];

    public static bool IsKnown(string name) =>
        Names.Contains(name) || (name.StartsWith(FieldPrefix, StringComparison.Ordinal) && name.Length > FieldPrefix.Length && name.All(IsNameLetter));

    private static bool IsNameLetter(char letter) => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter) || letter == '_';
}
