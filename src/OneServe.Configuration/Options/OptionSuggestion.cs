namespace OneServe.Configuration;

/// <summary>Guesses which option a misspelt name was meant to be.</summary>
internal static class OptionSuggestion
{
    /// <summary>Names longer than this are not compared: nobody misspells so much.</summary>
    private const int MaxLength = 64;

    /// <summary>The nearest known name; null when none is near.</summary>
    public static string? For(string name)
    {
        if (name.Length is < 3 or > MaxLength)
        {
            return null;
        }

        string wanted = name.ToLowerInvariant().Replace('_', '-');
        int limit = wanted.Length <= 5 ? 1 : 2;
        return OptionTable.Names
            .Where(known => OptionTable.Find(known)!.Section != OptionSection.Absent)
            .Where(known => known.Length >= 3 && Math.Abs(known.Length - wanted.Length) <= limit)
            .Select(known => (Name: known, Distance: Distance(wanted, known)))
            .Where(candidate => candidate.Distance <= limit)
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => OptionTable.Find(candidate.Name)!.Support)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();
    }

    /// <summary>Letters to insert, remove, replace or swap with their neighbour (optimal string alignment).</summary>
    internal static int Distance(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                cost[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[a.Length, b.Length];
    }
}
