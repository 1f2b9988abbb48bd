using System.Buffers;
using System.Text;
using OneServe.Configuration;

namespace OneServe.Master.Logging;

/// <summary>One of `log-encoder`: makes another line of a line.</summary>
internal sealed class LogEncoder(LogEncoderOptions options)
{
    private readonly byte[] _argument = Encoding.UTF8.GetBytes(options.Argument);
    private readonly LogTextWriter? _text = options.Kind is LogEncoderKind.Format or LogEncoderKind.Json
        ? new LogTextWriter(options.Argument, options.Kind == LogEncoderKind.Json)
        : null;

    /// <summary>Writes what becomes of a line, whose newline is a part of it.</summary>
    public void Encode(ReadOnlySpan<byte> line, IBufferWriter<byte> to)
    {
        switch (options.Kind)
        {
            case LogEncoderKind.Prefix:
                to.Write(_argument);
                to.Write(line);
                break;
            case LogEncoderKind.Suffix:
                to.Write(line);
                to.Write(_argument);
                break;
            case LogEncoderKind.Newline:
                to.Write(line);
                to.Write("\n"u8);
                break;
            default:
                _text!.Write(line, to);
                break;
        }
    }
}
