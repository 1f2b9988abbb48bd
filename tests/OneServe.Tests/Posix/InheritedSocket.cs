using OneServe.Posix;

namespace OneServe.Tests.Posix;

/// <summary>A listening socket of that kind.</summary>
internal sealed class InheritedSocket : InheritedDescriptor
{
    public InheritedSocket(string address)
        : this(ListenSocket.Open(ListenAddress.Parse(address, out _)!, new ListenSocketOptions { Backlog = 16 }))
    {
    }

    private InheritedSocket(ListenSocket socket) : base(socket.Descriptor) => Socket = socket;

    public ListenSocket Socket { get; }
}
