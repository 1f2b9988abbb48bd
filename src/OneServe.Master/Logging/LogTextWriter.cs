using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe.Master.Logging;

/// <summary>Fills in the text of a `format` or `json` encoder.</summary>
internal sealed class LogTextWriter
{
    private const int LongestNumber = 20;
    private const int LongestTime = 256;

    private readonly ImmutableArray<Part> _parts;
    private readonly bool _isJson;

    public LogTextWriter(string text, bool isJson)
    {
        _isJson = isJson;
        _parts = [.. LogText.Parse(text).Select(static part => new Part(part.IsVariable, part.Text, Encoding.UTF8.GetBytes(part.Text)))];
    }

    /// <summary>Writes the text with a line's message and the present time.</summary>
    public void Write(ReadOnlySpan<byte> line, IBufferWriter<byte> to)
    {
        var now = DateTimeOffset.UtcNow;
        foreach (var part in _parts)
        {
            if (part.IsVariable)
                Write(part.Text, line, now, to);
            else
                to.Write(part.Bytes);
        }
    }

    private void Write(string variable, ReadOnlySpan<byte> line, DateTimeOffset now, IBufferWriter<byte> to)
    {
        switch (variable)
        {
            case "msg":
                Value(line is [.. var message, (byte)'\n'] ? message : line, to);
                break;
            case "msgnl":
                Value(line, to);
                break;
            case "unix":
                Number(now.ToUnixTimeSeconds(), to);
                break;
            case "millis":
                Number(now.ToUnixTimeMilliseconds(), to);
                break;
            case "micros":
                Number((now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, to);
                break;
            default:
                if (variable.StartsWith(LogText.Time, StringComparison.Ordinal))
                {
                    Span<byte> time = stackalloc byte[LongestTime];
                    Value(time[..LocalTime.Format(now.ToUnixTimeSeconds(), variable[LogText.Time.Length..], time)], to);
                }
                break;
        }
    }

    private void Value(ReadOnlySpan<byte> value, IBufferWriter<byte> to)
    {
        if (!_isJson)
            to.Write(value);
        else
            JsonString.Write(value, to);
    }

    private static void Number(long number, IBufferWriter<byte> to)
    {
        Utf8Formatter.TryFormat(number, to.GetSpan(LongestNumber), out int written);
        to.Advance(written);
    }

    private sealed record Part(bool IsVariable, string Text, byte[] Bytes);
}
