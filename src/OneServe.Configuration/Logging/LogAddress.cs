using System.Globalization;

namespace OneServe.Configuration;

/// <summary>`host:port` of whoever receives log lines by UDP.</summary>
/// <param name="Host">A name or an address; IPv6 without its brackets.</param>
/// <param name="Port">1 to 65535.</param>
public sealed record LogAddress(string Host, int Port)
{
    /// <summary>Null: it has another form, such as a path's.</summary>
    public static LogAddress? Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || text.Contains('/') || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port))
        {
            return null;
        }

        string host = text[..colon];
        string bare = host is ['[', .., ']'] ? host[1..^1] : host;
        bool isHost = bare.Length > 0 && (bare == host ? !host.Contains(':') : bare.Contains(':'));
        return isHost && port is > 0 and <= ushort.MaxValue ? new LogAddress(bare, port) : null;
    }
}
