using System.Buffers;

namespace OneServe.Configuration;

/// <summary>`NAME: VALUE`, as header fields are written in configurations.</summary>
internal static class FieldLine
{
    private static readonly SearchValues<char> NameLetters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Null when it has no name, or one that is no token (RFC 9110, 5.6.2), or a control character in its value.</summary>
    public static (string Name, string Value)? Read(string text)
    {
        int colon = text.IndexOf(':');
        string name = colon < 0 ? "" : text[..colon].Trim();
        string value = text[(colon + 1)..].Trim();
        return IsName(name) && value.Length > 0 && !value.Any(char.IsControl) ? (name, value) : null;
    }

    public static bool IsName(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(NameLetters);

    /// <summary>True for the fields of framing and persistence: a wrong one would make the client read something else than was sent.</summary>
    public static bool IsOurs(string name) =>
        name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) || name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Connection", StringComparison.OrdinalIgnoreCase);
}
