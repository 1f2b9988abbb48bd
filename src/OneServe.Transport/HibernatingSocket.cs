using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>An idle keep-alive connection: an open socket, nothing else.</summary>
internal sealed class HibernatingSocket(LoopConnections owner, SocketList list, ClientConnection connection)
    : WaitingSocket(owner, list, connection.Descriptor)
{
    public const EpollEvents Interest = EpollEvents.In | EpollEvents.ReadHangUp | EpollEvents.EdgeTriggered;

    public SocketName Remote { get; } = connection.Remote;

    public int ListenerId { get; } = connection.ListenerId;

    public override void OnEvents(EpollEvents events)
    {
        if (HasLeft(events))
            Owner.Close(this);
        else
            Owner.Wake(this);
    }

    /// <summary>True when the client has closed without a further request: the usual end, for which no connection is made.</summary>
    private unsafe bool HasLeft(EpollEvents events)
    {
        if ((events & ~EpollEvents.In) == 0)
            return false;
        byte probe;
        return SocketCalls.Receive(Descriptor, &probe, 1, MessageFlags.Peek).Value <= 0;
    }
}
