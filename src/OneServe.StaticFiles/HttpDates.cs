using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace OneServe.StaticFiles;

/// <summary>HTTP dates (RFC 9110 §5.6.7): written as IMF-fixdate, read in all three forms.</summary>
internal static class HttpDates
{
    private static readonly string[] Formats =
    [
        "ddd, dd MMM yyyy HH:mm:ss 'GMT'",  // IMF-fixdate
        "dddd, dd-MMM-yy HH:mm:ss 'GMT'",   // RFC 850
        "ddd MMM d HH:mm:ss yyyy",          // asctime, which pads the day with a space
    ];

    /// <summary>The text of a time in seconds since 1970.</summary>
    public static string Format(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("r", CultureInfo.InvariantCulture);

    /// <summary>Seconds since 1970, or null for a field that is absent, repeated or not a date: a recipient ignores those.</summary>
    public static long? Parse(StringValues field)
        => field.Count == 1 && DateTimeOffset.TryParseExact(
            field[0].AsSpan().Trim(" \t"),
            Formats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite,
            out var time)
            ? time.ToUnixTimeSeconds()
            : null;
}
