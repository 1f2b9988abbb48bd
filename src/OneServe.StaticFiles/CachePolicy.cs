using System.Buffers;
using System.Globalization;

namespace OneServe.StaticFiles;

/// <summary>How long a file may be kept by its name.</summary>
internal static class CachePolicy
{
    private const int HashLength = 12;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    /// <summary>A year is as long as HTTP caches are asked to keep anything; `immutable` (RFC 8246) saves the revalidation at reload.</summary>
    public static readonly Freshness Immutable = Freshness.Of("public, max-age=31536000, immutable");

    /// <summary>
    /// A minute: a page and its revisits cost one request a file, a deployed change is seen within the minute, and after it a 304 suffices.
    /// Without any max-age browsers guess a tenth of the file's age, which is weeks for an old file.
    /// </summary>
    public static readonly Freshness Short = Freshness.Of("public, max-age=60");

    /// <summary>
    /// True for `name.0123456789ab.ext` and, for files without extension, `name.0123456789ab`: what Django's ManifestStaticFilesStorage makes, with the
    /// first 12 hexadecimal digits of the contents' MD5.
    /// </summary>
    public static bool IsHashed(ReadOnlySpan<char> name)
    {
        int lastDot = name.LastIndexOf('.');
        if (lastDot <= 0)
            return false;
        var before = name[..lastDot];
        int hashDot = before.LastIndexOf('.');
        return hashDot > 0
            ? IsHash(before[(hashDot + 1)..])
            : IsHash(name[(lastDot + 1)..]) && hashDot < 0;
    }

    /// <summary>`camera.202401311200.jpg` is a time and not a hash: taking it for one would freeze a file that may change, for a year.</summary>
    private static bool IsHash(ReadOnlySpan<char> text)
        => text.Length == HashLength
            && !text.ContainsAnyExcept(LowerHex)
            && !DateTime.TryParseExact(text, "yyyyMMddHHmm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
