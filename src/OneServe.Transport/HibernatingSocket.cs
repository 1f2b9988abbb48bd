using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>An idle keep-alive connection: an open socket, nothing else but the first bytes of a client that stopped in the middle of a head.</summary>
internal sealed class HibernatingSocket(LoopConnections owner, SocketList list, ClientConnection connection)
    : WaitingSocket(owner, list, connection.Descriptor, connection.Remote)
{
    public const EpollEvents Interest = EpollEvents.In | EpollEvents.ReadHangUp | EpollEvents.EdgeTriggered;

    /// <summary>The beginning of an exchange, as far as it has come; empty nearly always.</summary>
    public byte[] Kept { get; init; } = [];

    /// <summary>Loop time at which that beginning came.</summary>
    public long Begun { get; init; }

    public int ListenerId { get; } = connection.ListenerId;

    public ConnectionProtocol Protocol { get; } = connection.Protocol;

    /// <summary>What a proxy has said about its client.</summary>
    public AnnouncedClient? Announced { get; } = connection.Announced;

    /// <summary>It has yet to say it.</summary>
    public bool AwaitsPreface { get; } = connection.AwaitsPreface;

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
