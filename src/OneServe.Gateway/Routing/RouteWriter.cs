using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using OneServe.Configuration;

namespace OneServe.Gateway.Routing;

/// <summary>Fills in the groups and variables of a route's text. What comes from a client is made harmless for the place where it goes.</summary>
internal static class RouteWriter
{
    // RFC 3986, 2.2 and 2.3, without what ends a path; a percent sign stands for itself only where the text has been decoded.
    private const string PathLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@/";

    // Octets: those from 0x80 on are parts of letters.
    private static readonly SearchValues<char> Controls = SearchValues.Create([.. Enumerable.Range(0, ' ').Append(0x7F).Select(octet => (char)octet)]);

    private static readonly SearchValues<char> DecodedLetters = SearchValues.Create(PathLetters);
    private static readonly SearchValues<char> SentLetters = SearchValues.Create(PathLetters + "%?#[]");

    /// <summary>A part of a file's name, to the letter: the file cache refuses what leads out of its directory.</summary>
    public static string FileName(RouteText text, Match? match, RouteRequest request) => Fill(text, match, request, static (value, _) => value);

    /// <summary>A field's value: without control characters, which would begin another field.</summary>
    public static string FieldValue(RouteText text, Match? match, RouteRequest request) => Fill(text, match, request, static (value, _) => Visible(value));

    /// <summary>A URL: what the path had encoded is encoded anew, and no path becomes another host.</summary>
    /// <param name="subject">What the groups were taken from.</param>
    public static string Location(RouteText text, RouteSubject? subject, Match? match, RouteRequest request)
    {
        string location = Fill(text, match, request, (value, variable) =>
            Encode(value, (variable is null ? subject is RouteSubject.Path : variable == "PATH_INFO") ? DecodedLetters : SentLetters));
        // Two slashes begin a host's name; a configuration that means one says so itself.
        return location.StartsWith("//", StringComparison.Ordinal) && !text.FixedBeginning.StartsWith("//", StringComparison.Ordinal)
            ? "/" + location.TrimStart('/')
            : location;
    }

    private static string Fill(RouteText text, Match? match, RouteRequest request, Func<string, string?, string> write)
    {
        var result = new StringBuilder();
        foreach (var part in text.Parts)
        {
            result.Append(part.Kind switch
            {
                RouteTextKind.Group => write(match?.Groups[part.Text[0] - '0'].Value ?? "", null),
                RouteTextKind.Variable => write(request.ValueOf(part.Text), part.Text),
                _ => part.Text,
            });
        }
        return result.ToString();
    }

    private static string Visible(string value)
        => value.AsSpan().ContainsAny(Controls) ? string.Concat(value.Select(octet => Controls.Contains(octet) ? '?' : octet)) : value;

    private static string Encode(string value, SearchValues<char> allowed)
    {
        if (!value.AsSpan().ContainsAnyExcept(allowed))
            return value;
        var encoded = new StringBuilder();
        foreach (char octet in value)
        {
            if (allowed.Contains(octet))
                encoded.Append(octet);
            else
                encoded.Append(CultureInfo.InvariantCulture, $"%{(int)octet:X2}");
        }
        return encoded.ToString();
    }
}
