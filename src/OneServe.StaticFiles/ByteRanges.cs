using Microsoft.Extensions.Primitives;

namespace OneServe.StaticFiles;

/// <summary>The Range field (RFC 9110 §14.1.2, §14.2).</summary>
internal static class ByteRanges
{
    /// <summary>
    /// More ranges than this, or ranges that overlap, are answered with the whole: no player or downloader asks so, attackers do (RFC 9110 §17.15).
    /// </summary>
    public const int Most = 16;

    /// <summary>Reads the field against a representation of <paramref name="size"/> bytes.</summary>
    /// <param name="field">The Range fields.</param>
    /// <param name="size">Bytes of the representation.</param>
    /// <param name="ranges">Room for <see cref="Most"/> ranges; those that can be satisfied, in the order asked.</param>
    /// <param name="count">How many were written.</param>
    public static RangeOutcome Parse(StringValues field, long size, Span<ByteRange> ranges, out int count)
    {
        count = 0;
        // An empty file has no byte to name in Content-Range; its players still ask for `bytes=0-`.
        if (field.Count != 1 || size == 0)
            return RangeOutcome.Whole;
        var text = field[0].AsSpan().Trim(" \t");
        if (!text.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
            return RangeOutcome.Whole;
        text = text["bytes=".Length..];

        int asked = 0;
        foreach (var part in text.Split(','))
        {
            var element = text[part].Trim(" \t");
            if (element.IsEmpty)
                continue; // RFC 9110 §5.6.1.2: empty list elements are ignored.
            if (++asked > Most || !TryParse(element, size, out var range))
                return RangeOutcome.Whole;
            if (range.Length == 0)
                continue;
            if (Overlaps(ranges[..count], range))
                return RangeOutcome.Whole;
            ranges[count++] = range;
        }
        return (asked, count) switch
        {
            (0, _) => RangeOutcome.Whole,
            (_, 0) => RangeOutcome.Unsatisfiable,
            (_, 1) => RangeOutcome.Single,
            _ => RangeOutcome.Several,
        };
    }

    /// <summary>False when it is no range; a range that cannot be satisfied has length 0.</summary>
    private static bool TryParse(ReadOnlySpan<char> text, long size, out ByteRange range)
    {
        range = default;
        int dash = text.IndexOf('-');
        if (dash < 0)
            return false;
        var from = text[..dash];
        var to = text[(dash + 1)..];
        if (from.IsEmpty)
        {
            if (!TryParsePosition(to, out long suffix))
                return false;
            long length = Math.Min(suffix, size);
            range = new ByteRange(size - length, length);
            return true;
        }
        if (!TryParsePosition(from, out long first))
            return false;
        long last = long.MaxValue;
        if (!to.IsEmpty && (!TryParsePosition(to, out last) || last < first))
            return false;
        if (first < size)
            range = new ByteRange(first, Math.Min(last, size - 1) - first + 1);
        return true;
    }

    /// <summary>Digits alone; a number beyond 63 bits counts as the greatest, it lies behind any file.</summary>
    private static bool TryParsePosition(ReadOnlySpan<char> digits, out long value)
    {
        value = 0;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
            return false;
        foreach (char digit in digits)
        {
            int next = digit - '0';
            if (value > (long.MaxValue - next) / 10)
            {
                value = long.MaxValue;
                return true;
            }
            value = (value * 10) + next;
        }
        return true;
    }

    private static bool Overlaps(ReadOnlySpan<ByteRange> ranges, ByteRange range)
    {
        foreach (var other in ranges)
        {
            if (range.First <= other.Last && other.First <= range.Last)
                return true;
        }
        return false;
    }
}
