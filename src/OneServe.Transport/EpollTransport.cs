using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>
/// Kestrel's transport on event loops: one logical endpoint (<see cref="TransportEndPoint"/>), fed by any number of listening sockets that come and go
/// while Kestrel runs. The first loop accepts and hands connections to all loops in turn.
/// </summary>
public sealed class EpollTransport : IConnectionListenerFactory
{
    private const int TurnedAwayLimit = 1000; // sockets that linger

    /// <summary>
    /// Bytes that lie in the kernel for a client beyond what is on its way to him. Without a limit the kernel takes 4 MB of each answer, whether it is read or not,
    /// which costs the memory of thousands of slow readers, and seconds to fill it. Measured with 2,000 of them: a neighbour waits 10 ms with 128 KB, 130 with
    /// 256 KB, 2,300 without; 1 MB files leave faster too, from warmer memory.
    /// </summary>
    private const int UnsentLimit = 128 << 10;

    // The accepting loop runs the continuation itself: Kestrel's accept loop only queues the connection to the thread pool, a hop before it is a waste.
    private readonly Channel<ClientConnection> _accepted = Channel.CreateUnbounded<ClientConnection>(
        new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });

    private readonly LoopConnections[] _connections;
    private readonly Dictionary<int, ListeningSocket> _listeners = []; // accepting loop only
    private readonly EventLoop _acceptor;
    private readonly AddressCounts _addresses = new();
    private int _next;
    private int _openConnections;
    private volatile bool _isUnbound;

    /// <param name="loops">At least one; the caller starts and stops them.</param>
    public EpollTransport(params ReadOnlySpan<EventLoop> loops)
    {
        _acceptor = loops[0];
        _connections = new LoopConnections[loops.Length];
        for (int i = 0; i < loops.Length; i++)
        {
            _connections[i] = new LoopConnections(this, loops[i]);
            loops[i].Attach(_connections[i]);
        }
    }

    /// <summary>The endpoint to give to Kestrel's options.</summary>
    public static TransportEndPoint EndPoint { get; } = new();

    /// <summary>An idle connection gives up its memory after this time; <see cref="Timeout.InfiniteTimeSpan"/>: never.</summary>
    public TimeSpan HibernateAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A hibernating connection is closed when it has been idle for this time. Above the 60 s of common load balancers, which must close first.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(75);

    /// <summary>A connection whose client takes no byte for this time is aborted.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>So is one whose client takes fewer bytes a second than this (see <see cref="TransferPace"/>); 0: any.</summary>
    public int MinimumSendRate { get; set; }

    /// <summary>What Kestrel's connections begin with.</summary>
    public ConnectionProtocol Http { get; } = new();

    /// <summary>How long such a beginning may take from its first byte on.</summary>
    public TimeSpan HeadTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Connections open at a time; 0: any. What comes beyond gets <see cref="BusyAnswer"/> and is closed.</summary>
    public int MaxConnections { get; set; }

    /// <summary>Connections of one client address open at a time; 0: any. UNIX sockets have none.</summary>
    public int MaxConnectionsPerAddress { get; set; }

    /// <summary>Peers that speak for many clients: no number per address counts for them.</summary>
    public Func<SocketName, bool> IsProxy { get; set; } = static _ => false;

    /// <summary>What a connection beyond the limits is told.</summary>
    public Func<ReadOnlyMemory<byte>> BusyAnswer { get; init; } = static () => default;

    /// <summary>Told, on the accepting loop, of each client that is turned away; true: its address has too many connections, false: all are taken.</summary>
    public Action<SocketName, bool>? TurnedAway { get; set; }

    /// <summary>How long a connection that was closed with input outstanding is read from, so that no reset destroys the answer.</summary>
    public TimeSpan LingerTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many bytes are discarded then.</summary>
    public long LingerBytes { get; init; } = 8 << 20;

    /// <summary>Told, on the accepting loop, of the errno for which accepting has paused for 100 ms.</summary>
    public Action<int>? AcceptFailed { get; set; }

    /// <summary>Connections whose socket is open, hibernating and lingering ones included.</summary>
    public int OpenConnections => Volatile.Read(ref _openConnections);

    /// <summary>Connections among them that hibernate.</summary>
    public int HibernatingConnections => _connections.Sum(c => c.Hibernating);

    internal DescriptorReserve Reserve { get; } = new();

    /// <summary>False once Kestrel takes no connections any more.</summary>
    internal bool IsAccepting => !_isUnbound;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        => endpoint is TransportEndPoint
            ? new(new ConnectionListener(this, endpoint, _accepted.Reader))
            : throw new NotSupportedException("This transport binds no addresses; it is given listening sockets.");

    /// <summary>Accepts from a bound, listening, non-blocking socket from now on; the transport owns it.</summary>
    /// <param name="id">A free number; connections carry it as <see cref="ClientConnection.ListenerId"/>.</param>
    /// <param name="unix">True for a UNIX socket, which has no TCP options.</param>
    /// <param name="protocol">What is spoken there; null: HTTP.</param>
    public void AddListener(int id, SafeDescriptor socket, bool unix, ConnectionProtocol? protocol = null)
    {
        if (!unix)
        {
            // Inherited by what is accepted: two calls less for each connection.
            SocketCalls.SetNoDelay(socket.Number);
            SocketCalls.SetUnsentLimit(socket.Number, UnsentLimit);
        }
        var listener = new ListeningSocket(this, _acceptor, id, socket, protocol ?? Http);
        _acceptor.Post(_ =>
        {
            _listeners.Add(id, listener);
            listener.Open();
        }, null);
    }

    /// <summary>Ends accepting from one socket and closes it; its connections stay.</summary>
    public void RemoveListener(int id) => _acceptor.Post(_ =>
    {
        if (_listeners.Remove(id, out var listener))
            listener.Close();
    }, null);

    /// <summary>Ends accepting from all sockets, Kestrel unaware: connections live on, also those that hibernate.</summary>
    public void StopAccepting() => _acceptor.Post(_ => CloseListeners(), null);

    /// <summary>Closes the connections that hibernate.</summary>
    public void CloseHibernating()
    {
        foreach (var connections in _connections)
            connections.Loop.Post(static c => ((LoopConnections)c!).CloseHibernating(), connections);
    }

    /// <summary>Takes a connected, non-blocking socket, as if it had been accepted. Accepting loop only.</summary>
    internal void Admit(int descriptor, in SocketName peer, int listenerId, ConnectionProtocol protocol)
    {
        int open = Interlocked.Increment(ref _openConnections);
        bool isAnyNumber = MaxConnectionsPerAddress == 0 || protocol.HasFrontServers || IsProxy(peer);
        bool isAddressFull = !_addresses.TryAdd(peer, isAnyNumber ? 0 : MaxConnectionsPerAddress);
        // Who has been turned away takes no place from others, however often he comes back.
        if (isAddressFull || (MaxConnections > 0 && open - _connections[0].TurnedAway > MaxConnections))
        {
            TurnAway(descriptor, peer, isAddressFull);
            return;
        }
        var owner = _connections[_next];
        _next = _next + 1 == _connections.Length ? 0 : _next + 1;
        Offer(new ClientConnection(descriptor, peer, listenerId, protocol, owner));
    }

    /// <summary>Hands a connection to its loop and to who serves it.</summary>
    internal void Offer(ClientConnection connection)
    {
        var owner = connection.Owner;
        if (EventLoop.Current == owner.Loop)
            owner.Begin(connection);
        else
            owner.Loop.Post(static c => ((ClientConnection)c!).Owner.Begin((ClientConnection)c), connection);
        if (connection.Protocol.Serve is null && !_accepted.Writer.TryWrite(connection))
            _ = connection.DisposeAsync();
    }

    internal void ConnectionEnded(in SocketName client)
    {
        Interlocked.Decrement(ref _openConnections);
        _addresses.Remove(client);
    }

    internal void ReportAcceptFailure(int errno) => AcceptFailed?.Invoke(errno);

    internal Task UnbindAsync() => OnAcceptor(() =>
    {
        _isUnbound = true;
        CloseListeners();
        _accepted.Writer.TryComplete();
    });

    internal async Task DisposeAsync()
    {
        await UnbindAsync();
        while (_accepted.Reader.TryRead(out var neverSeen))
            await neverSeen.DisposeAsync();
        CloseHibernating();
        await OnAcceptor(Reserve.Release);
    }

    /// <summary>The accepting loop reads on for a moment, so that the answer arrives; not for more than a few at a time.</summary>
    private void TurnAway(int descriptor, in SocketName peer, bool isAddressFull)
    {
        if (!isAddressFull)
            _addresses.Remove(peer);
        if (_connections[0].TurnedAway < TurnedAwayLimit)
            _connections[0].TurnAway(descriptor, BusyAnswer().Span);
        else
            _connections[0].Close(descriptor, default);
        TurnedAway?.Invoke(peer, isAddressFull);
    }

    private void CloseListeners()
    {
        foreach (var listener in _listeners.Values)
            listener.Close();
        _listeners.Clear();
    }

    private Task OnAcceptor(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _acceptor.Post(_ =>
        {
            action();
            done.SetResult();
        }, null);
        return done.Task;
    }
}
