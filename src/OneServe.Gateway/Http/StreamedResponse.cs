using System.IO.Pipelines;
using OneServe.Posix;

namespace OneServe.Gateway.Http;

/// <summary>
/// The body of a response that comes in pieces: written and flushed as it comes while the client keeps up, kept in a <see cref="ResponseBacklog"/>
/// while it does not. The worker is free as soon as it has sent the last piece. One a response; it may live
/// on for a moment when the connection was aborted and is at its next request. Loop thread only.
/// </summary>
internal sealed class StreamedResponse(ApplicationExchange exchange, RequestContext context)
{
    /// <summary>Bytes of a file handed to the transport at once.</summary>
    private const long SliceBytes = 4 << 20;

    private readonly ResponseBacklog _backlog = new();
    private Ending _ending;
    private bool _busy;
    private bool _held;

    private enum Ending
    {
        None,
        Complete,
        Broken,
    }

    /// <returns>False: hold the rest back until the dispatcher is told to resume.</returns>
    public bool Write(ReadOnlyMemory<byte> data)
    {
        if (!_busy)
        {
            var flushed = Send(data);
            if (!flushed.IsCompletedSuccessfully)
                Drain(flushed);
            return true;
        }
        bool fits = _backlog.Append(data.Span);
        return Accept(fits);
    }

    /// <returns>False: as above.</returns>
    public bool Write(SharedFile file, long offset, long length)
    {
        _backlog.Append(file, offset, length);
        if (!_busy)
            Drain(default);
        return Accept(fits: true);
    }

    /// <summary>Nothing more comes. The request is complete, or its connection cut, when all that came has left.</summary>
    public void End(bool intact)
    {
        _ending = intact ? Ending.Complete : Ending.Broken;
        if (!_busy)
            Finish();
    }

    private bool Accept(bool fits)
    {
        _held = _busy && (!fits || _backlog.IsFull(exchange.ResponseBufferLimit));
        return !_held;
    }

    private async void Drain(ValueTask<FlushResult> flushed)
    {
        _busy = true;
        bool open = await IsOpenAfter(flushed);
        while (open && _backlog.First is { } piece)
            open = piece.File is null ? await SendBlock(piece) : await SendSlice(piece);
        if (!open)
            exchange.Abort(this);
        _backlog.Clear();
        _busy = false;
        if (_ending != Ending.None)
        {
            Finish();
        }
        else if (_held)
        {
            _held = false;
            exchange.Resume(this);
        }
    }

    private void Finish()
    {
        var ending = _ending;
        _ending = Ending.None;
        exchange.Finish(this, intact: ending == Ending.Complete);
    }

    private ValueTask<bool> SendBlock(ResponseBacklog.Piece piece)
    {
        int count = (int)piece.Length;
        var flushed = Send(piece.Block.AsMemory((int)piece.Offset, count));
        _backlog.Consume(count);
        return IsOpenAfter(flushed);
    }

    private async ValueTask<bool> SendSlice(ResponseBacklog.Piece piece)
    {
        long count = Math.Min(piece.Length, SliceBytes);
        bool open;
        try
        {
            open = await FileSender.SendAsync(context, piece.File!, piece.Offset, count);
        }
        catch (Exception)
        {
            exchange.Abort(this);
            return false;
        }
        if (open)
            _backlog.Consume(count);
        return open;
    }

    /// <summary>Writes and flushes; the bytes have been copied when it returns.</summary>
    private ValueTask<FlushResult> Send(ReadOnlyMemory<byte> data)
    {
        try
        {
            return context.Response.Writer.WriteAsync(data);
        }
        catch (Exception)
        {
            // More than the Content-Length: the worker checks that, so this one is not to be trusted. Nothing after it reaches the client.
            exchange.Abort(this);
            return new(new FlushResult(isCanceled: false, isCompleted: true));
        }
    }

    /// <summary>Whether the client is still there; when it is not, the request's observer is told.</summary>
    private static async ValueTask<bool> IsOpenAfter(ValueTask<FlushResult> flushed)
    {
        try
        {
            return !(await flushed).IsCompleted;
        }
        catch (Exception)
        {
            return false;
        }
    }
}
