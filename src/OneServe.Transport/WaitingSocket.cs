using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>A client's socket without a connection behind it, until an event or its deadline.</summary>
internal abstract class WaitingSocket(LoopConnections owner, SocketList list, int descriptor, in SocketName remote) : IDescriptorHandler
{
    public SocketName Remote { get; } = remote;

    public int Descriptor { get; } = descriptor;

    public SocketList List { get; } = list;

    /// <summary>Loop time at which it is closed.</summary>
    public required long Deadline { get; init; }

    public WaitingSocket? Previous { get; set; }

    public WaitingSocket? Next { get; set; }

    protected LoopConnections Owner { get; } = owner;

    public abstract void OnEvents(EpollEvents events);
}
