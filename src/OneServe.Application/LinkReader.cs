using OneServe.Posix;

namespace OneServe.Application;

internal enum LinkState
{
    /// <summary>Something came and was delivered.</summary>
    Open,

    /// <summary>Nothing was there.</summary>
    Empty,

    Ended,
    Garbage,
}

/// <summary>Receives from reply links into one buffer for all of them: an idle slot holds none.</summary>
internal sealed class LinkReader(Dispatcher dispatcher) : ILinkReceiver
{
    private const int BufferSize = 512 * 1024;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);
    private Slot? _slot;

    /// <summary>Receives once and delivers what has come. Level-triggered: what is left comes with the next turn.</summary>
    public LinkState Read(Slot slot)
    {
        var link = slot.Link;
        if (link.Paused)
            return LinkState.Empty;
        int kept = link.Kept.Length;
        link.Kept.CopyTo(_buffer);
        var result = Messages.Receive(link.Socket.Number, _buffer.AsSpan(kept), out var descriptors);
        bool sane = true;
        foreach (var descriptor in descriptors)
            sane &= link.TryReceive(new SharedFile(descriptor.Detach()));
        if (!sane)
            return LinkState.Garbage;
        if (result.IsError)
            return result.Errno == Errno.EAGAIN ? LinkState.Empty : LinkState.Ended;
        if (result.Int == 0)
            return LinkState.Ended;
        return Consume(slot, kept + result.Int) && slot.Own is not { IsOverrun: true } ? LinkState.Open : LinkState.Garbage;
    }

    /// <summary>The process is dead: delivers all it has sent. False: not yet, because a client holds it up, or garbage.</summary>
    public bool TryReadToEnd(Slot slot)
    {
        while (!slot.Link.Socket.IsClosed && !slot.Link.Paused)
        {
            switch (Read(slot))
            {
                case LinkState.Garbage:
                    return false;
                case LinkState.Empty when !slot.Link.Paused: // a child of the process holds the other end
                case LinkState.Ended:
                    return true;
            }
        }
        return !slot.Link.Paused;
    }

    /// <summary>Delivers what was held back. False: garbage.</summary>
    public bool Replay(Slot slot)
    {
        int kept = slot.Link.Kept.Length;
        slot.Link.Kept.CopyTo(_buffer);
        return Consume(slot, kept);
    }

    private bool Consume(Slot slot, int length)
    {
        _slot = slot;
        bool sane = slot.Link.Consume(_buffer.AsMemory(0, length), this);
        _slot = null;
        return sane;
    }

    bool ILinkReceiver.OnInterim(ulong id, ReadOnlySpan<byte> head)
    {
        if (dispatcher.Find(id, _slot!) is not { } request)
            return true;
        if (request.Answering)
            return false;
        request.OnInterim(head);
        return true;
    }

    bool ILinkReceiver.OnHead(ulong id, ReadOnlySpan<byte> head)
    {
        if (dispatcher.Find(id, _slot!) is not { } request)
            return true;
        if (request.Answering)
            return false;
        request.Answering = true;
        if (request.OnHead(head))
            return true;
        dispatcher.Finish(request);
        request.OnFailed(ApplicationFailure.WorkerDied);
        return false;
    }

    bool ILinkReceiver.OnVariables(ulong id, ReadOnlySpan<byte> variables)
        => dispatcher.Find(id, _slot!) is not { } request || request.OnVariables(variables);

    void ILinkReceiver.OnTimeLimit(ulong id, ulong until)
    {
        if (dispatcher.Find(id, _slot!) is { } request)
            request.TimeLimit = until;
    }

    bool ILinkReceiver.OnData(ulong id, ReadOnlyMemory<byte> data)
        => Answering(id) is not { } request || request.OnData(data) || dispatcher.Hold(request, data.Length);

    bool ILinkReceiver.OnFile(ulong id, SharedFile file, long offset, long length)
        => Answering(id) is not { } request || request.OnFile(file, offset, length) || dispatcher.Hold(request, bytes: 0);

    bool ILinkReceiver.OnEnd(ulong id)
    {
        if (dispatcher.Find(id, _slot!) is { Answering: false })
            return false;
        dispatcher.Take(id, _slot!)?.OnEnd();
        return true;
    }

    void ILinkReceiver.OnAbort(ulong id) => dispatcher.Take(id, _slot!)?.OnFailed(ApplicationFailure.Aborted);

    /// <summary>The request whose head has come; bytes without a head before them are for nobody.</summary>
    private ApplicationRequest? Answering(ulong id) => dispatcher.Find(id, _slot!) is { Answering: true } request ? request : null;
}
