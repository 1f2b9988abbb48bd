using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>A connection whose answer is sent and whose client may still be sending: what comes is discarded until the client closes.</summary>
internal sealed class LingeringSocket(LoopConnections owner, SocketList list, int descriptor, in SocketName remote)
    : WaitingSocket(owner, list, descriptor, remote)
{
    public const EpollEvents Interest = EpollEvents.In | EpollEvents.ReadHangUp;

    private const int ReadsPerTurn = 16;

    private long _left = owner.LingerBytes;

    public override unsafe void OnEvents(EpollEvents events)
    {
        var block = PinnedBlock.Rent();
        bool isOver = false;
        for (int i = 0; i < ReadsPerTurn && !isOver; i++)
        {
            var got = SocketCalls.Receive(Descriptor, block.Start, PinnedBlock.Size);
            if (got.Errno == Errno.EAGAIN)
                break;
            _left -= got.Value;
            isOver = got.Value <= 0 || _left <= 0;
        }
        block.Return();
        if (isOver)
            Owner.Close(this);
    }
}
