using System.Text;
using OneServe.Posix;

namespace OneServe.Gateway.Logging;

/// <summary>Local time in one form, made once a second.</summary>
/// <param name="form">As strftime(3) has it.</param>
internal sealed class LocalTimeText(string form)
{
    private const int Longest = 256;

    private readonly byte[] _form = Encoding.UTF8.GetBytes(form + '\0');
    private Made? _last;

    /// <summary>The text for a time.</summary>
    /// <param name="seconds">Since 1970.</param>
    public ReadOnlySpan<byte> Of(long seconds)
    {
        // Replaced as a whole: several loops may ask.
        var last = _last;
        if (last is null || last.Seconds != seconds)
        {
            Span<byte> text = stackalloc byte[Longest];
            _last = last = new Made(seconds, text[..LocalTime.Format(seconds, _form, text)].ToArray());
        }
        return last.Text;
    }

    private sealed record Made(long Seconds, byte[] Text);
}
