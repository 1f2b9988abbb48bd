namespace OneServe.Configuration;

/// <summary>Text as a log or a terminal may get it: what a file says does not command it.</summary>
internal static class PlainText
{
    /// <summary>With a space for each control character, but for the ends of lines.</summary>
    public static string Of(string text) =>
        text.Any(IsCommand) ? string.Concat(text.Select(static letter => IsCommand(letter) ? ' ' : letter)) : text;

    private static bool IsCommand(char letter) => char.IsControl(letter) && letter != '\n';
}
