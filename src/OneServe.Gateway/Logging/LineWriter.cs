using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;

namespace OneServe.Gateway.Logging;

/// <summary>Writes a line's parts into a buffer of fixed size; <see cref="Overflowed"/> says at the end whether all of them fitted.</summary>
/// <remarks>Plain calls instead of one interpolation: half its time, and the native compiler (9.0.20) crashes on an interpolation of that length.</remarks>
internal ref struct LineWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    public int Length { get; private set; }

    public bool Overflowed { get; private set; }

    public void Add(ReadOnlySpan<byte> text)
    {
        if (text.TryCopyTo(_buffer[Length..]))
            Length += text.Length;
        else
            Overflowed = true;
    }

    public void Add(long number)
    {
        if (Utf8Formatter.TryFormat(number, _buffer[Length..], out int written))
            Length += written;
        else
            Overflowed = true;
    }

    /// <summary>Seconds with six decimals.</summary>
    public void AddSeconds(TimeSpan time)
    {
        if (Utf8Formatter.TryFormat((decimal)time.Ticks / TimeSpan.TicksPerSecond, _buffer[Length..], out int written, new StandardFormat('F', 6)))
            Length += written;
        else
            Overflowed = true;
    }

    /// <summary>Text that a client has sent: control characters become <c>?</c>, so that nobody forges a line.</summary>
    public void Add(scoped ReadOnlySpan<char> text)
    {
        if (Utf8.FromUtf16(text, _buffer[Length..], out _, out int written) != OperationStatus.Done)
        {
            Overflowed = true;
            return;
        }
        var added = _buffer.Slice(Length, written);
        for (int i = added.IndexOfAnyInRange((byte)0, (byte)31); i >= 0; i = added.IndexOfAnyInRange((byte)0, (byte)31))
            added[i] = (byte)'?';
        Length += written;
    }

    /// <summary>Such text between double quotes: quotes and backslashes get a backslash, as Apache does it, and as JSON asks for it.</summary>
    public void AddQuoted(scoped ReadOnlySpan<char> text)
    {
        for (int at = text.IndexOfAny('"', '\\'); at >= 0; at = text.IndexOfAny('"', '\\'))
        {
            Add(text[..at]);
            Add(text[at] == '"' ? "\\\""u8 : "\\\\"u8);
            text = text[(at + 1)..];
        }
        Add(text);
    }
}
