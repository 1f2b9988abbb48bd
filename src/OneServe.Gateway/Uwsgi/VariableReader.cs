using System.Buffers.Binary;

namespace OneServe.Gateway.Uwsgi;

/// <summary>Reads the variables of a packet one after another: name and value, each with its length in 16 bits before it, the lower ones first.</summary>
public ref struct VariableReader(ReadOnlySpan<byte> variables)
{
    private ReadOnlySpan<byte> _rest = variables;

    private bool _isBroken;

    /// <summary>All have been read, and nothing is left over.</summary>
    public readonly bool AtEnd => _rest.IsEmpty && !_isBroken;

    /// <summary>False: there is none any more, or what there is reaches beyond the end.</summary>
    public bool TryRead(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        if (_rest.IsEmpty)
            return false;
        _isBroken = !TryReadText(out name) || !TryReadText(out value);
        return !_isBroken;
    }

    private bool TryReadText(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (_rest.Length < sizeof(ushort))
            return false;
        int length = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        if (length > _rest.Length - sizeof(ushort))
            return false;
        text = _rest.Slice(sizeof(ushort), length);
        _rest = _rest[(sizeof(ushort) + length)..];
        return true;
    }
}
