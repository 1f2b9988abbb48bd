namespace OneServe.Configuration;

/// <summary>The table's sentences within others.</summary>
internal static class Sentence
{
    /// <summary>With a small first letter, unless the first word is written in capitals.</summary>
    public static string Lower(string summary) =>
        summary.Length > 1 && char.IsLower(summary[1]) ? char.ToLowerInvariant(summary[0]) + summary[1..] : Article(summary);

    /// <summary>`A word` begins with a word of one letter.</summary>
    private static string Article(string summary) => summary.StartsWith("A ", StringComparison.Ordinal) ? $"a{summary[1..]}" : summary;
}
