using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace OneServe.Application.Marshal;

/// <summary>Writes what Python's <c>marshal.loads</c> reads (version 2 and later) into a buffer that grows: for messages that are sent once, not per request.</summary>
/// <remarks>The type codes are those of CPython's Python/marshal.c.</remarks>
public sealed class MarshalWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>Begins a dict; keys and values follow in turn, then <see cref="EndDict"/>.</summary>
    public MarshalWriter BeginDict() => Code('{');

    public MarshalWriter EndDict() => Code('0');

    /// <summary>Begins a list of exactly this many values, which follow.</summary>
    public MarshalWriter BeginList(int count) => Code('[').Int32(count);

    public MarshalWriter Bool(bool value) => Code(value ? 'T' : 'F');

    public MarshalWriter Integer(int value) => Code('i').Int32(value);

    public MarshalWriter Text(string value)
    {
        Code('u').Int32(Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, _buffer);
        return this;
    }

    private MarshalWriter Code(char code)
    {
        _buffer.Write([(byte)code]);
        return this;
    }

    private MarshalWriter Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.GetSpan(sizeof(int)), value);
        _buffer.Advance(sizeof(int));
        return this;
    }
}
