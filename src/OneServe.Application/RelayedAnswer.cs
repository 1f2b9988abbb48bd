using System.Buffers;
using OneServe.Posix;

namespace OneServe.Application;

internal enum RelayedAnswerKind
{
    Reply,
    Interim,
    Head,
    Variables,
    Data,
    File,
    End,
    Failed,
}

/// <summary>One callback of the dispatcher on its way to the loop of the request. Made on one thread, delivered on the other.</summary>
internal sealed class RelayedAnswer(RelayedRequest request, RelayedAnswerKind kind)
{
    private byte[]? _bytes;
    private int _headLength;
    private int _length;

    /// <summary>As in <see cref="ApplicationRequest"/>, at the time of the callback.</summary>
    public int WorkerPid { get; } = request.WorkerPid;

    public long WorkerRequests { get; } = request.WorkerRequests;

    public int WorkerNumber { get; } = request.WorkerNumber;

    public int WorkerThread { get; } = request.WorkerThread;

    public RelayedAnswerKind Kind { get; } = kind;

    public ApplicationFailure Failure { get; init; }

    /// <summary>Of a failure: when the client may try again, seconds.</summary>
    public long RetryAfter { get; init; }

    /// <summary>A hold of its own, given back by <see cref="Release"/>.</summary>
    public SharedFile? File { get; init; }

    public long FileOffset { get; init; }

    public long FileLength { get; init; }

    public ReadOnlySpan<byte> Head => _bytes.AsSpan(0, _headLength);

    public ReadOnlyMemory<byte> Body => _bytes.AsMemory(_headLength, _length - _headLength);

    /// <summary>Copies what is good only during the callback.</summary>
    public RelayedAnswer With(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        _headLength = head.Length;
        _length = head.Length + body.Length;
        _bytes = ArrayPool<byte>.Shared.Rent(_length);
        head.CopyTo(_bytes);
        body.CopyTo(_bytes.AsSpan(head.Length));
        return this;
    }

    public void Deliver()
    {
        try
        {
            request.Deliver(this);
        }
        finally
        {
            Release();
        }
    }

    private void Release()
    {
        if (_bytes is not null)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = null;
        File?.Release();
    }
}
