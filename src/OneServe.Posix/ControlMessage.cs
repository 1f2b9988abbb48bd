using System.Globalization;

namespace OneServe.Posix;

/// <summary>One message of a control socket: a verb, its words, free text after the first line, and the descriptors that came along.</summary>
/// <param name="Verb">The first word.</param>
/// <param name="Words">The other words of the first line.</param>
/// <param name="Text">Everything after the first line feed; empty when there is none.</param>
/// <param name="Descriptors">Owned by whoever takes the message; close-on-exec.</param>
public sealed record ControlMessage(string Verb, string[] Words, string Text, SafeDescriptor[] Descriptors)
{
    /// <summary>Reads `verb word word\ntext`.</summary>
    public static ControlMessage Parse(string message, SafeDescriptor[] descriptors)
    {
        int end = message.IndexOf('\n');
        string line = end < 0 ? message : message[..end];
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new ControlMessage(words.Length > 0 ? words[0] : "", words.Length > 1 ? words[1..] : [], end < 0 ? "" : message[(end + 1)..], descriptors);
    }

    /// <summary>Word <paramref name="index"/> as a number that is not negative; -1 when it is missing or none.</summary>
    public long Number(int index)
        => index < Words.Length && long.TryParse(Words[index], NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : -1;

    /// <summary>Closes the descriptors that nobody wants.</summary>
    public void CloseDescriptors()
    {
        foreach (var descriptor in Descriptors)
            descriptor.Dispose();
    }
}
