using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using OneServe.Posix;
using OneServe.Transport;

namespace OneServe.Gateway.Http;

/// <summary>
/// Takes a request's body off the client completely before a worker hears of the request, so that a slow upload holds none: up to 64 KiB stay
/// in the connection's buffers, as long as there is memory for it; more goes to an unlinked temporary file.
/// </summary>
internal sealed class RequestBody(BodyMemory memory, BodyClock clock)
{
    /// <summary>Bytes kept in memory.</summary>
    public const int InMemory = 64 * 1024;

    /// <summary>So much fits the buffer that a connection has anyway.</summary>
    private const int Uncounted = 16 * 1024;

    private PipeReader? _reader;
    private PipeReader? _reading;
    private SequencePosition _end;
    private TransferPace _pace;
    private long _received;
    private bool _isGivenUp;
    private bool _isWatched;
    private long _taken;

    /// <summary>The body when it is in memory; to be given back by <see cref="Release"/>.</summary>
    public ReadOnlySequence<byte> Memory { get; private set; }

    /// <summary>The body when it is in a file, else null.</summary>
    public SafeDescriptor? File { get; private set; }

    public long Length { get; private set; }

    /// <summary>Reads to the body's end.</summary>
    /// <param name="reader">The body, its framing taken off.</param>
    /// <param name="limit">Bytes; 0: any number.</param>
    /// <exception cref="TimeoutException">The client is too slow.</exception>
    /// <exception cref="BadHttpRequestException">The client broke the framing or the limit.</exception>
    /// <exception cref="IOException">The client left, or the temporary file could not be written.</exception>
    public async Task ReadAsync(PipeReader reader, long limit = 0)
    {
        _received = 0;
        _isGivenUp = _isWatched = false;
        _reading = reader;
        try
        {
            await ReadToEndAsync(reader, limit);
        }
        finally
        {
            _reading = null;
            if (_isWatched)
                clock.Forget(this);
        }
    }

    /// <summary>True when the client sends nothing, or too little (<see cref="TransferPace"/>).</summary>
    public bool IsTooSlow(long now, long silence, int rate) => _pace.IsTooSlow(now, _received, silence, rate);

    /// <summary>Ends reading.</summary>
    public void GiveUp()
    {
        _isGivenUp = true;
        _reading?.CancelPendingRead();
    }

    private async Task ReadToEndAsync(PipeReader reader, long limit)
    {
        while (true)
        {
            var pending = reader.ReadAsync();
            if (!pending.IsCompleted && !_isWatched)
            {
                _isWatched = true;
                _pace.Restart();
                clock.Watch(this);
            }
            var result = await pending;
            var buffer = result.Buffer;
            if (_isGivenUp)
            {
                reader.AdvanceTo(buffer.End);
                throw new TimeoutException("The request's body comes too slowly.");
            }
            // Counted without the chunks' heads: their extensions are no progress.
            _received = Length + buffer.Length;
            if (limit > 0 && _received > limit)
            {
                reader.AdvanceTo(buffer.End);
                throw new BadHttpRequestException("The request's body is too large.", StatusCodes.Status413PayloadTooLarge);
            }
            if (File is null && buffer.Length <= InMemory && TryKeep(buffer.Length))
            {
                if (result.IsCompleted)
                {
                    Memory = buffer;
                    Length = buffer.Length;
                    // Held until the request is over; an empty body, too: Kestrel does not go on before every read has been answered.
                    (_reader, _end) = (reader, buffer.End);
                    return;
                }
                reader.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }
            GiveBack();
            File ??= TemporaryFile.Create();
            foreach (var segment in buffer)
                Append(segment.Span);
            reader.AdvanceTo(buffer.End);
            if (result.IsCompleted)
                return;
        }
    }

    public void Release()
    {
        _reader?.AdvanceTo(_end);
        _reader = null;
        _end = default;
        Memory = default;
        File?.Dispose();
        File = null;
        Length = 0;
        GiveBack();
    }

    private bool TryKeep(long length)
    {
        if (length <= Uncounted || length <= _taken)
            return true;
        if (!memory.TryTake(length - _taken))
            return false;
        _taken = length;
        return true;
    }

    private void GiveBack()
    {
        memory.Return(_taken);
        _taken = 0;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int written = (int)Descriptors.Write(File!.Number, bytes).OrThrow("write to a temporary file");
            Length += written;
            bytes = bytes[written..];
        }
    }
}
