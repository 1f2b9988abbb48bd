using System.Globalization;

namespace OneServe.Configuration;

/// <summary>
/// Reads the values of single options. The dialect has no comments behind a value, and yet people write them, because a number was always
/// taken from the digits that a value begins with. So they are accepted wherever the value itself can contain no blank.
/// </summary>
internal static class OptionValue
{
    /// <summary>A value and the comment found behind it.</summary>
    public readonly record struct Commented<T>(T Value, string? Comment);

    /// <summary>True unless false, off, no (in any case) or 0.</summary>
    public static Commented<bool> ParseBoolean(string text)
    {
        (string word, string? comment) = SplitComment(text);
        bool isFalse = word is "0" || word.Equals("false", StringComparison.OrdinalIgnoreCase)
            || word.Equals("off", StringComparison.OrdinalIgnoreCase) || word.Equals("no", StringComparison.OrdinalIgnoreCase);
        return new Commented<bool>(!isFalse, comment);
    }

    /// <summary>Is the word one that people mean as true? Anything but the words of false counts as true, typing errors too.</summary>
    public static bool IsPlainBoolean(string text)
    {
        string word = SplitComment(text).Value.ToLowerInvariant();
        return word is "" or "true" or "on" or "yes" or "false" or "off" or "no" || (word.Length > 0 && word.All(char.IsAsciiDigit));
    }

    /// <summary>A whole number, possibly signed; null when the text is something else.</summary>
    public static Commented<long>? ParseInteger(string text)
    {
        (string digits, string? comment) = SplitNumberComment(text);
        return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? new Commented<long>(value, comment) : null;
    }

    /// <summary>A file mode of three or four octal digits, or `1`, which uWSGI takes for 666.</summary>
    public static Commented<int>? ParseMode(string text)
    {
        (string digits, string? comment) = SplitNumberComment(text);
        if (digits == "1")
        {
            return new Commented<int>(0x1B6, comment);
        }

        bool valid = digits.Length is 3 or 4 && digits.All(digit => digit is >= '0' and <= '7');
        return valid ? new Commented<int>(Convert.ToInt32(digits, 8), comment) : null;
    }

    /// <summary>A mask of one to four octal digits, as umask(1) takes it.</summary>
    public static Commented<int>? ParseMask(string text)
    {
        (string digits, string? comment) = SplitNumberComment(text);
        bool valid = digits.Length is > 0 and <= 4 && digits.All(digit => digit is >= '0' and <= '7') && Convert.ToInt32(digits, 8) <= 0x1FF;
        return valid ? new Commented<int>(Convert.ToInt32(digits, 8), comment) : null;
    }

    /// <summary>Cuts at the first `#` or `;` that follows a blank.</summary>
    public static Commented<string> SplitComment(string text)
    {
        for (int i = 1; i < text.Length; i++)
        {
            if (text[i] is '#' or ';' && char.IsWhiteSpace(text[i - 1]))
            {
                return new Commented<string>(text[..i].TrimEnd(), text[i..]);
            }
        }

        return new Commented<string>(text, null);
    }

    private static Commented<string> SplitNumberComment(string text)
    {
        int at = text.AsSpan().IndexOfAny('#', ';');
        return at > 0 ? new Commented<string>(text[..at].TrimEnd(), text[at..]) : new Commented<string>(text, null);
    }
}
