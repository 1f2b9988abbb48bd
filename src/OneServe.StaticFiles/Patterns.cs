using System.Text.RegularExpressions;

namespace OneServe.StaticFiles;

/// <summary>Regular expressions of the configuration.</summary>
internal static class Patterns
{
    /// <summary>The pattern is the operator's and the text a client's: together they may take exponential time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    public static Regex Create(string pattern) => new(pattern, RegexOptions.CultureInvariant, Patience);

    public static bool Matches(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
