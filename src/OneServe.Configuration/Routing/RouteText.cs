using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>A text with `$1`, the pattern's groups, and `${NAME}`, the request's variables, in it.</summary>
public sealed record RouteText(ImmutableArray<RouteTextPart> Parts)
{
    /// <summary>True when it is the same for every request.</summary>
    public bool IsFixed => Parts.All(part => part.Kind == RouteTextKind.Literal);

    /// <summary>What stands before the first group or variable.</summary>
    public string FixedBeginning => Parts is [{ Kind: RouteTextKind.Literal, Text: var text }, ..] ? text : "";

    /// <summary>Reads a text. A `$` before anything but a digit or a brace is one.</summary>
    public static RouteText Parse(string text)
    {
        var parts = ImmutableArray.CreateBuilder<RouteTextPart>();
        int from = 0;
        for (int at = 0; at < text.Length - 1; at++)
        {
            if (text[at] != '$')
            {
                continue;
            }

            RouteTextPart? part = null;
            int end = at + 2;
            if (char.IsAsciiDigit(text[at + 1]))
            {
                part = new RouteTextPart(RouteTextKind.Group, text[(at + 1)..end]);
            }
            else if (text[at + 1] == '{' && text.IndexOf('}', at) is > 0 and var close)
            {
                end = close + 1;
                part = new RouteTextPart(RouteTextKind.Variable, text[(at + 2)..close]);
            }

            if (part is not null)
            {
                AddLiteral(text[from..at]);
                parts.Add(part);
                from = end;
                at = end - 1;
            }
        }

        AddLiteral(text[from..]);
        return new RouteText(parts.ToImmutable());

        void AddLiteral(string literal)
        {
            if (literal.Length > 0)
            {
                parts.Add(new RouteTextPart(RouteTextKind.Literal, literal));
            }
        }
    }
}

/// <summary>One part: the text itself, a group's number, or a variable's name.</summary>
public sealed record RouteTextPart(RouteTextKind Kind, string Text);

public enum RouteTextKind
{
    Literal,
    Group,
    Variable,
}
