using OneServe.Posix;

namespace OneServe.Master.Logging;

/// <summary>A terminal, a pipe, a file that others have opened: standard error, `fd:N`.</summary>
/// <remarks>Who reads it may stop reading. What it has not taken within a second is lost; the descriptor is others' too, so it stays blocking.</remarks>
/// <param name="descriptor">Not closed here.</param>
/// <param name="loss">Counts what is lost.</param>
internal sealed class StreamReceiver(int descriptor, LossReport loss) : ILogReceiver
{
    /// <summary>POSIX: a pipe that polls as writable takes so many bytes without waiting (PIPE_BUF).</summary>
    private const int Piece = 4096;

    /// <summary>How long a reader may take for a piece, ms.</summary>
    private const int Patience = 1000;

    public bool TakesSingleLines => false;

    public void Write(ReadOnlySpan<byte> lines)
    {
        if (loss.HasLost)
        {
            if (!loss.MayTry || !TryWrite(loss.Note, out _, patience: 0))
            {
                loss.Add(lines, "");
                return;
            }
            loss.End();
        }
        if (!TryWrite(lines, out int written, Patience))
            loss.Add(lines[written..], "nobody reads it");
    }

    public void Reopen()
    {
    }

    public void Rotate()
    {
    }

    public void Dispose()
    {
    }

    private bool TryWrite(ReadOnlySpan<byte> bytes, out int written, int patience)
    {
        written = 0;
        while (written < bytes.Length)
        {
            var entry = new PollEntry { Descriptor = descriptor, Wanted = PollEvents.Writable };
            if (Polling.Wait(new Span<PollEntry>(ref entry), patience) is { IsError: false, Int: 0 })
                return false;
            var result = Descriptors.Write(descriptor, bytes.Slice(written, Math.Min(Piece, bytes.Length - written)));
            if (result.IsError)
                return false;
            written += result.Int;
        }
        return true;
    }
}
