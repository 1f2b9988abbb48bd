using System.Buffers;

namespace OneServe.Master.Logging;

/// <summary>One logger: what is done to each line, and who gets it.</summary>
/// <param name="receiver">May be that of other loggers too.</param>
/// <param name="encoders">Work on a line one after the other.</param>
internal sealed class LogOutput(ILogReceiver receiver, IReadOnlyList<LogEncoder> encoders)
{
    private readonly ArrayBufferWriter<byte> _gathered = new();
    private ArrayBufferWriter<byte> _line = new();
    private ArrayBufferWriter<byte> _next = new();

    /// <summary>Lines may be handed over as they are, many at once.</summary>
    public bool IsPlain => encoders.Count == 0 && !receiver.TakesSingleLines;

    /// <summary>Hands on whole lines as they are.</summary>
    public void Write(ReadOnlySpan<byte> lines) => receiver.Write(lines);

    /// <summary>Takes one line with its newline.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        var encoded = Encode(line);
        if (receiver.TakesSingleLines)
        {
            receiver.Write(encoded);
            return;
        }
        _gathered.Write(encoded);
        // An encoder may have taken the newline away; lines that are glued together are of no use to anybody.
        if (encoded.IsEmpty || encoded[^1] != (byte)'\n')
            _gathered.Write("\n"u8);
    }

    /// <summary>No more lines for now.</summary>
    public void Flush()
    {
        if (_gathered.WrittenCount == 0)
            return;
        receiver.Write(_gathered.WrittenSpan);
        _gathered.ResetWrittenCount();
    }

    private ReadOnlySpan<byte> Encode(ReadOnlySpan<byte> line)
    {
        var text = line;
        foreach (var encoder in encoders)
        {
            _next.ResetWrittenCount();
            encoder.Encode(text, _next);
            (_line, _next) = (_next, _line);
            text = _line.WrittenSpan;
        }
        return text;
    }
}
