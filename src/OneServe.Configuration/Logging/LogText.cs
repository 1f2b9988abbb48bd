using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>The text of a `format` or `json` encoder, cut at its `${…}`.</summary>
public static class LogText
{
    /// <summary>What `${strftime:` begins with.</summary>
    public const string Time = "strftime:";

    private static readonly string[] Known = ["msg", "msgnl", "unix", "millis", "micros"];

    /// <summary>Literal text and names of variables, in order.</summary>
    public static ImmutableArray<(bool IsVariable, string Text)> Parse(string text)
    {
        var parts = ImmutableArray.CreateBuilder<(bool, string)>();
        int at = 0;
        while (at < text.Length)
        {
            int open = text.IndexOf("${", at, StringComparison.Ordinal);
            int close = open < 0 ? -1 : text.IndexOf('}', open);
            if (close < 0)
            {
                break;
            }

            if (open > at)
            {
                parts.Add((false, text[at..open]));
            }

            parts.Add((true, text[(open + 2)..close]));
            at = close + 1;
        }

        if (at < text.Length)
        {
            parts.Add((false, text[at..]));
        }

        return parts.ToImmutable();
    }

    /// <summary>Names that nothing is known by.</summary>
    public static IEnumerable<string> UnknownVariables(string text) => Parse(text)
        .Where(static part => part.IsVariable && !Known.Contains(part.Text) && !part.Text.StartsWith(Time, StringComparison.Ordinal))
        .Select(static part => part.Text);
}
