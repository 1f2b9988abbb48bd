using System.Buffers.Binary;
using System.Text;

namespace OneServe.Application.Marshal;

/// <summary>
/// Reads the head of a reply, <c>marshal.dumps((status, [(name, value), …]), 2)</c>, with a further list when the access log is to get values, and
/// nothing else: what a worker's memory holds is its application's, so every length and type is checked. A reader that says false has met garbage.
/// </summary>
public ref struct ResponseHeadReader(ReadOnlySpan<byte> head)
{
    private const byte Tuple = (byte)'(';
    private const byte List = (byte)'[';
    private const byte Unicode = (byte)'u';
    private const int MaximumHeaders = 4096;
    private const int MaximumVariables = 64;

    private ReadOnlySpan<byte> _rest = head;
    private bool _hasVariables;

    /// <summary>Headers that have not been read yet.</summary>
    public int Headers { get; private set; }

    /// <summary>Reads the status line's text, such as <c>200 OK</c>, and the number of headers.</summary>
    public bool TryReadStatus(out int code, out ReadOnlySpan<byte> reason)
    {
        code = 0;
        reason = default;
        if (!TryReadCount(Tuple, out int parts) || parts is not (2 or 3) || !TryReadText(out var status) || !TryReadCount(List, out int headers))
            return false;
        if (status.Length < 3 || headers > MaximumHeaders)
            return false;
        for (int i = 0; i < 3; i++)
        {
            int digit = status[i] - '0';
            if ((uint)digit > 9)
                return false;
            code = (code * 10) + digit;
        }
        if (status.Length > 3)
        {
            if (status[3] != ' ')
                return false;
            reason = status[4..];
        }
        Headers = headers;
        _hasVariables = parts == 3;
        return code is >= 100 and <= 999;
    }

    /// <summary>Reads the next header: name and value as UTF-8 of latin-1 characters.</summary>
    public bool TryReadHeader(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        if (Headers == 0 || !TryReadCount(Tuple, out int parts) || parts != 2 || !TryReadText(out name) || !TryReadText(out value))
            return false;
        Headers--;
        return name.Length > 0;
    }

    /// <summary>Reads the values for the access log that follow the headers; null when there are none.</summary>
    public bool TryReadVariables(out Dictionary<string, string>? variables)
    {
        variables = null;
        return !_hasVariables || TryReadList(out variables);
    }

    /// <summary>Reads a list of (name, value) that stands alone: the values for the access log of an answer whose head has left before.</summary>
    public static bool TryReadVariables(ReadOnlySpan<byte> list, out Dictionary<string, string>? variables)
    {
        var reader = new ResponseHeadReader(list);
        return reader.TryReadList(out variables) && reader.AtEnd;
    }

    /// <summary>True when all has been read and nothing is left over.</summary>
    public readonly bool AtEnd => Headers == 0 && _rest.IsEmpty;

    private bool TryReadList(out Dictionary<string, string>? variables)
    {
        variables = null;
        if (!TryReadCount(List, out int count) || count > MaximumVariables)
            return false;
        var read = new Dictionary<string, string>(count, StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            if (!TryReadCount(Tuple, out int parts) || parts != 2 || !TryReadText(out var name) || !TryReadText(out var value))
                return false;
            read[Encoding.UTF8.GetString(name)] = Encoding.UTF8.GetString(value);
        }
        variables = read;
        return true;
    }

    private bool TryReadCount(byte type, out int count)
    {
        count = 0;
        if (_rest.Length < 5 || _rest[0] != type)
            return false;
        count = BinaryPrimitives.ReadInt32LittleEndian(_rest[1..]);
        _rest = _rest[5..];
        return count >= 0;
    }

    private bool TryReadText(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!TryReadCount(Unicode, out int length) || length > _rest.Length)
            return false;
        text = _rest[..length];
        _rest = _rest[length..];
        return true;
    }
}
