using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace OneServe.Gateway.Uwsgi;

/// <summary>A request's body: so many bytes of what its connection still sends.</summary>
internal sealed class PacketBody(PipeReader input, long length) : PipeReader
{
    private long _left = length;
    private ReadOnlySequence<byte> _shown;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var read = input.ReadAsync(cancellationToken);
        return read.IsCompletedSuccessfully ? new(Limit(read.Result)) : LimitLater(read);
    }

    public override bool TryRead(out ReadResult result)
    {
        bool isThere = input.TryRead(out result);
        if (isThere)
            result = Limit(result);
        return isThere;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _left -= _shown.Slice(0, consumed).Length;
        input.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => input.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
    }

    private async ValueTask<ReadResult> LimitLater(ValueTask<ReadResult> read) => Limit(await read);

    /// <exception cref="BadHttpRequestException">The peer has ended before the body's end.</exception>
    private ReadResult Limit(ReadResult result)
    {
        bool isWhole = result.Buffer.Length >= _left;
        if (!isWhole && result.IsCompleted)
            throw new BadHttpRequestException("The body is shorter than CONTENT_LENGTH.", StatusCodes.Status400BadRequest);
        _shown = isWhole ? result.Buffer.Slice(0, _left) : result.Buffer;
        return new ReadResult(_shown, result.IsCanceled, isWhole);
    }
}
