namespace OneServe.Configuration;

/// <summary>Shell patterns over paths as glob(7) describes them: `*`, `?` and `[…]` within a component; a leading dot is matched only by itself.</summary>
internal static class Glob
{
    public static bool IsPattern(string path) => path.AsSpan().ContainsAny("*?[");

    /// <summary>Paths that match an absolute pattern, sorted; none when there is no match; at most <see cref="LogicBlock.MaxItems"/> + 1.</summary>
    public static IReadOnlyList<string> Match(IConfigurationHost host, string pattern)
    {
        List<string> paths = ["/"];
        foreach (string component in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            paths = [.. paths.SelectMany(parent => Children(host, parent, component)).Take(LogicBlock.MaxItems + 1)];
        }

        paths.Sort(StringComparer.Ordinal);
        return paths;
    }

    /// <summary>Does the name match? Quadratic at worst: on a mismatch only the last star is tried again.</summary>
    public static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int p = 0;
        int n = 0;
        int star = -1;
        int starName = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                starName = n;
            }
            else if (p < pattern.Length && MatchOne(pattern, p, name[n]) is int next and > 0)
            {
                p = next;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++starName;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].IndexOfAnyExcept('*') < 0;
    }

    private static IEnumerable<string> Children(IConfigurationHost host, string parent, string component)
    {
        if (!IsPattern(component))
        {
            string path = Path.Join(parent, component);
            return host.GetPathKind(path) == PathKind.Missing ? [] : [path];
        }

        return host.List(parent)
            .Where(name => (name[0] != '.' || component[0] == '.') && IsMatch(component, name))
            .Select(name => Path.Join(parent, name));
    }

    /// <summary>Index behind the pattern's element at <paramref name="p"/> when it matches the character, else 0.</summary>
    private static int MatchOne(ReadOnlySpan<char> pattern, int p, char c)
    {
        int close = pattern[p] == '[' && p + 2 < pattern.Length ? pattern[(p + 2)..].IndexOf(']') + p + 2 : 0;
        if (close < p + 2 || pattern[p] != '[')
        {
            return pattern[p] == '?' || pattern[p] == c ? p + 1 : 0;
        }

        ReadOnlySpan<char> set = pattern[(p + 1)..close];
        bool negated = set[0] is '!' or '^';
        set = negated ? set[1..] : set;
        bool found = false;
        for (int i = 0; i < set.Length && !found; i++)
        {
            bool range = i + 2 < set.Length && set[i + 1] == '-';
            found = range ? c >= set[i] && c <= set[i + 2] : c == set[i];
            i += range ? 2 : 0;
        }

        return found != negated ? close + 1 : 0;
    }
}
