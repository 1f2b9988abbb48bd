using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace OneServe.Application.Marshal;

/// <summary>
/// Writes what Python's <c>marshal.loads</c> reads, into a buffer of fixed size. When the buffer is full, <see cref="Overflowed"/> is set
/// and everything further is dropped: one check at the end instead of one for each value.
/// </summary>
/// <remarks>The type codes are those of CPython's Python/marshal.c; all of them are read by every version since 3.4.</remarks>
public ref struct PacketWriter(Span<byte> buffer)
{
    private const byte ShortAscii = (byte)'z';
    private const byte LongAscii = (byte)'a';
    private const byte Unicode = (byte)'u';
    private const byte ByteString = (byte)'s';
    private const byte LongInteger = (byte)'l';

    private readonly Span<byte> _buffer = buffer;

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>True: something did not fit; what has been written is of no use.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Begins a dict; its keys and values follow, then <see cref="EndDict"/>.</summary>
    public void BeginDict() => Byte((byte)'{');

    public void EndDict() => Byte((byte)'0');

    public void Fixed64(ulong value)
    {
        if (Reserve(8) is { IsEmpty: false } to)
            BinaryPrimitives.WriteUInt64LittleEndian(to, value);
    }

    /// <summary>Bytes that have been marshalled before.</summary>
    public void Raw(ReadOnlySpan<byte> marshalled)
    {
        if (Reserve(marshalled.Length) is { IsEmpty: false } to)
            marshalled.CopyTo(to);
    }

    /// <summary>A str whose characters are all below U+0100, as PEP 3333 wants them.</summary>
    public void Text(ReadOnlySpan<char> latin1)
    {
        if (latin1.Length <= byte.MaxValue && Length + 2 + latin1.Length <= _buffer.Length
            && Ascii.FromUtf16(latin1, _buffer[(Length + 2)..], out int short8) == OperationStatus.Done)
        {
            _buffer[Length] = ShortAscii;
            _buffer[Length + 1] = (byte)short8;
            Length += 2 + short8;
            return;
        }
        LongText(latin1);
    }

    /// <summary>A str with a character for each byte.</summary>
    public void Latin1(ReadOnlySpan<byte> bytes)
    {
        if (!Ascii.IsValid(bytes))
        {
            LongText(Encoding.Latin1.GetString(bytes));
            return;
        }
        if (bytes.Length <= byte.MaxValue)
        {
            if (Reserve(2) is { IsEmpty: false } head)
                (head[0], head[1]) = (ShortAscii, (byte)bytes.Length);
        }
        else
        {
            Byte(LongAscii);
            Int32(bytes.Length);
        }
        Raw(bytes);
    }

    private void LongText(ReadOnlySpan<char> latin1)
    {
        bool ascii = Ascii.IsValid(latin1);
        Byte(ascii ? LongAscii : Unicode);
        int length = ascii ? latin1.Length : Encoding.UTF8.GetByteCount(latin1);
        Int32(length);
        if (Reserve(length) is { IsEmpty: false } to)
            Encoding.UTF8.GetBytes(latin1, to);
    }

    public void Bytes(ReadOnlySequence<byte> value)
    {
        Byte(ByteString);
        Int32((int)value.Length);
        if (Reserve((int)value.Length) is { IsEmpty: false } to)
            value.CopyTo(to);
    }

    /// <summary>An int: marshal keeps it as digits of 15 bits, and the sign with their number.</summary>
    public void Integer(long value)
    {
        Byte(LongInteger);
        bool isNegative = value < 0;
        value = Math.Abs(value);
        int digits = 0;
        for (long rest = value; rest > 0; rest >>= 15)
            digits++;
        Int32(isNegative ? -digits : digits);
        for (; value > 0; value >>= 15)
        {
            if (Reserve(2) is { IsEmpty: false } to)
                BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)(value & 0x7fff));
        }
    }

    private void Int32(int value)
    {
        if (Reserve(4) is { IsEmpty: false } to)
            BinaryPrimitives.WriteInt32LittleEndian(to, value);
    }

    private void Byte(byte value)
    {
        if (Reserve(1) is { IsEmpty: false } to)
            to[0] = value;
    }

    private Span<byte> Reserve(int count)
    {
        if (count > _buffer.Length - Length)
        {
            Overflowed = true;
            return default;
        }
        var to = _buffer.Slice(Length, count);
        Length += count;
        return to;
    }
}
