using Microsoft.Extensions.Primitives;

namespace OneServe.StaticFiles;

/// <summary>Lists of entity tags in If-Match and If-None-Match (RFC 9110 §8.8.3, §13.1.1, §13.1.2).</summary>
internal static class EntityTags
{
    /// <summary>True when a field is `*` or lists the tag.</summary>
    /// <param name="fields">The fields as received.</param>
    /// <param name="tag">The current tag, strong, with its quotes.</param>
    /// <param name="strong">Strong comparison: a weak tag in the list never matches. Else weak comparison: `W/` is ignored.</param>
    public static bool Matches(StringValues fields, string tag, bool strong)
    {
        for (int i = 0; i < fields.Count; i++)
        {
            if (IsListed(fields[i], tag, strong))
                return true;
        }
        return false;
    }

    private static bool IsListed(ReadOnlySpan<char> list, string tag, bool strong)
    {
        list = list.Trim(" \t");
        if (list is "*")
            return true;
        while (!list.IsEmpty)
        {
            list = list.TrimStart(", \t");
            bool weak = list.StartsWith("W/", StringComparison.Ordinal);
            if (weak)
                list = list[2..];
            if (list.IsEmpty || list[0] != '"')
                return false; // Not a list of tags: what follows cannot be told apart.
            int end = list[1..].IndexOf('"');
            if (end < 0)
                return false;
            if (!(weak && strong) && list[..(end + 2)].SequenceEqual(tag))
                return true;
            list = list[(end + 2)..].TrimStart(" \t");
            if (!list.IsEmpty && list[0] != ',')
                return false;
        }
        return false;
    }
}
