using Microsoft.Extensions.Primitives;

namespace OneServe.Gateway.Http.Proxies;

/// <summary>What one proxy has written into Forwarded (RFC 7239, section 4).</summary>
internal readonly record struct ForwardedElement(string? For, string? Proto, string? Host)
{
    /// <summary>All elements, the nearest proxy's last. Where the syntax is broken, what stands before is dropped: only the end is anybody's word.</summary>
    public static List<ForwardedElement> Parse(StringValues field)
    {
        var elements = new List<ForwardedElement>();
        foreach (string? line in field)
        {
            foreach (string text in Split(line ?? "", ','))
            {
                if (TryParse(text, out var element))
                    elements.Add(element);
                else
                    elements.Clear();
            }
        }
        return elements;
    }

    private static bool TryParse(string text, out ForwardedElement element)
    {
        element = default;
        foreach (string pair in Split(text, ';'))
        {
            if (pair.Length == 0)
                continue;
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !TryUnquote(pair[(equals + 1)..], out string value))
                return false;
            switch (pair[..equals].ToLowerInvariant())
            {
                case "for":
                    element = element with { For = value };
                    break;
                case "proto":
                    element = element with { Proto = value };
                    break;
                case "host":
                    element = element with { Host = value };
                    break;
            }
        }
        return true;
    }

    private static bool TryUnquote(string text, out string value)
    {
        value = text;
        if (!text.StartsWith('"'))
            return !text.Contains('"', StringComparison.Ordinal);
        if (text.Length < 2 || !text.EndsWith('"'))
            return false;
        value = text[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
        return true;
    }

    /// <summary>At separators outside quoted strings; the parts without white space around.</summary>
    private static IEnumerable<string> Split(string text, char separator)
    {
        int from = 0;
        bool isQuoted = false;
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\' && isQuoted)
                at++;
            else if (text[at] == '"')
                isQuoted = !isQuoted;
            else if (text[at] == separator && !isQuoted)
            {
                yield return text[from..at].Trim();
                from = at + 1;
            }
        }
        yield return text[from..].Trim();
    }
}
