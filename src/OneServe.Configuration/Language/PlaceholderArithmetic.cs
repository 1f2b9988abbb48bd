using System.Globalization;

namespace OneServe.Configuration;

/// <summary>
/// The arithmetic inside `%(a + b * 2)`: tokens separated by blanks, worked from left to right without precedence, on 64-bit integers.
/// Two values side by side are concatenated; a division by zero is 0; an unknown name counts as empty.
/// </summary>
internal static class PlaceholderArithmetic
{
    /// <summary>Evaluates an expression of at least two tokens; null when nothing in it is known, so that it can stay as written.</summary>
    public static string? Evaluate(IReadOnlyList<string> tokens, Func<string, string?> valueOf)
    {
        string result = "";
        string? pending = null;
        bool known = false;
        foreach (string token in tokens)
        {
            switch (token)
            {
                case "+" or "-" or "*" or "/":
                    pending = token;
                    continue;
                case "++":
                    result = Text(unchecked(Number(result) + 1));
                    continue;
                case "--":
                    result = Text(unchecked(Number(result) - 1));
                    continue;
            }

            string? operand = valueOf(token) ?? (IsNumber(token) ? token : null);
            known |= operand is not null;
            result = pending is null ? result + operand : Text(Apply(pending, Number(result), Number(operand ?? "")));
            if (result.Length > ValueExpander.MaxLength)
            {
                return result;
            }

            pending = null;
        }

        return known ? result : null;
    }

    private static long Apply(string operation, long left, long right) => operation switch
    {
        "+" => unchecked(left + right),
        "-" => unchecked(left - right),
        "*" => unchecked(left * right),
        // long.MinValue / -1 overflows in hardware, whatever the checking context.
        _ => right switch { 0 => 0, -1 => unchecked(-left), _ => left / right },
    };

    /// <summary>As atoi() does: the digits that the text begins with, 0 when there are none.</summary>
    private static long Number(string text)
    {
        int length = text.StartsWith('-') ? 1 : 0;
        while (length < text.Length && char.IsAsciiDigit(text[length]))
        {
            length++;
        }

        return long.TryParse(text.AsSpan(0, length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : 0;
    }

    private static bool IsNumber(string token) => char.IsAsciiDigit(token[0]) || (token.Length > 1 && token[0] == '-' && char.IsAsciiDigit(token[1]));

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
