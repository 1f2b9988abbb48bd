using System.Buffers;
using System.Globalization;
using System.Text;

namespace OneServe.Gateway.Http;

/// <summary>The Location of a redirect from a directory to its name with a slash.</summary>
internal static class SlashedLocation
{
    /// <summary>What a path may hold as it is (RFC 3986 §3.3), one octet a character.</summary>
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/");

    /// <summary>A path and a query in a form that no client takes for anything but a path on this server.</summary>
    /// <param name="path">Decoded, one character an octet. Encoded anew: it may hold line feeds, or backslashes that browsers take for slashes.</param>
    /// <param name="query">As sent, with its question mark.</param>
    public static string Of(string path, string query)
    {
        // Two slashes would be the beginning of a host name.
        var text = new StringBuilder("/");
        foreach (char octet in path.AsSpan().TrimStart('/'))
        {
            if (Plain.Contains(octet))
                text.Append(octet);
            else
                text.Append(CultureInfo.InvariantCulture, $"%{(int)octet:X2}");
        }
        return text.Append('/').Append(query).ToString();
    }
}
