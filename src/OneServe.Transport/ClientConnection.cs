using System.Collections.Concurrent;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>
/// A client's connection, as Kestrel and the gateway see it; owned by one loop. It is in its own feature collection under its own type.
/// </summary>
/// <remarks>
/// The token <c>ConnectionClosed</c> fires when the connection breaks or is aborted. It does not fire when the client ends its writing half
/// (<see cref="IClientObserver"/> tells that): such a client still reads its answer, and Kestrel would cut it off.
/// </remarks>
public sealed class ClientConnection : ConnectionContext, IDuplexPipe, IDescriptorHandler
{
    private const EpollEvents Interest = EpollEvents.In | EpollEvents.Out | EpollEvents.ReadHangUp | EpollEvents.EdgeTriggered;
    private const EpollEvents Broken = EpollEvents.Error | EpollEvents.HangUp;

    private static long _lastId;

    private static readonly ConcurrentDictionary<string, ClientConnection> Named = new();

    private readonly CancellationTokenSource _closed = new();
    private readonly ConnectionInput _input;
    private readonly SocketName _remote;
    private SocketName? _local;
    private string? _remoteAddress;
    private string? _id;
    private IDuplexPipe? _transport;
    private IDictionary<object, object?>? _items;
    private IClientObserver? _observer;
    private int _activeRequests;
    private volatile bool _isBroken;
    private volatile bool _isWatched;
    private bool _isEndTold;  // the observer knows of the break
    private bool _isFinished; // under Gate: the descriptor is no longer ours

    /// <summary>A hibernating connection that has woken.</summary>
    internal ClientConnection(HibernatingSocket socket, LoopConnections owner)
        : this(socket.Descriptor, socket.Remote, socket.ListenerId, socket.Protocol, owner)
    {
        Announced = socket.Announced;
        AwaitsPreface = socket.AwaitsPreface;
        if (socket.Kept.Length > 0)
            _input.Restore(socket.Kept, socket.Begun);
    }

    internal ClientConnection(int descriptor, in SocketName remote, int listenerId, ConnectionProtocol protocol, LoopConnections owner)
    {
        Descriptor = descriptor;
        _remote = remote;
        Protocol = protocol;
        AwaitsPreface = protocol.Preface?.IsExpectedFrom(remote) ?? false;
        ListenerId = listenerId;
        Owner = owner;
        _input = new ConnectionInput(this);
        Output = new ConnectionOutput(this);
        Features = new FeatureCollection();
        Features.Set(this);
        ConnectionClosed = _closed.Token;
    }

    /// <summary>The filter has let the beginning of an exchange through, and the protocol has made no request of it yet.</summary>
    public bool IsBeginningRequest { get; internal set; }

    /// <summary>The loop that owns the connection.</summary>
    public EventLoop Loop => Owner.Loop;

    /// <summary>The transport's writer, with the ways to send files and memory without copying.</summary>
    public ConnectionOutput Output { get; }

    /// <summary>The id given to <see cref="EpollTransport.AddListener"/>.</summary>
    public int ListenerId { get; }

    /// <summary>True for a UNIX socket.</summary>
    public bool IsUnix => !Client.IsInternet;

    /// <summary>The client's address without port, IPv4 also when it came through a dual-stack socket; "" for UNIX sockets.</summary>
    public string RemoteAddress => _remoteAddress ??= Client.ToString();

    /// <summary>The client's port; 0 for UNIX sockets.</summary>
    public int RemotePort => Client.Port;

    /// <summary>The address that the client has connected to; "" for UNIX sockets.</summary>
    public string LocalAddress => Local.ToString();

    /// <summary>The port that the client has connected to; 0 for UNIX sockets.</summary>
    public int LocalPort => Local.Port;

    /// <summary>The client's end: the peer, or whom the peer has named before the first exchange.</summary>
    public SocketName Client => Announced?.Client ?? _remote;

    /// <summary>What the peer has said of whom it speaks for; null: nothing.</summary>
    public AnnouncedClient? Announced { get; private set; }

    /// <summary>The client has ended its writing half, or more.</summary>
    public bool IsHalfClosed { get; private set; }

    /// <summary>The connection is of no use any more: reset, aborted or closed.</summary>
    public bool IsBroken => _isBroken;

    /// <summary>Who is told when the client leaves during a request. Set when that has happened already, it is told at once (by the loop).</summary>
    public IClientObserver? Observer
    {
        get => _observer;
        set
        {
            _observer = value;
            if (value != null && (IsHalfClosed || _isBroken))
                Loop.Post(static c => ((ClientConnection)c!).NotifyObserver(), this);
        }
    }

    public override string ConnectionId
    {
        get => _id ??= Name();
        set => _id = value;
    }

    public override IFeatureCollection Features { get; }

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    /// <summary>The socket's bytes, until a middleware puts a filter of its own before them.</summary>
    public override IDuplexPipe Transport
    {
        get => _transport ?? this;
        set => _transport = value;
    }

    PipeReader IDuplexPipe.Input => _input;

    PipeWriter IDuplexPipe.Output => Output;

    /// <summary>Guards the output and the descriptor's end: the loop, the application's threads and Kestrel's heartbeat meet here.</summary>
    internal Lock Gate { get; } = new();

    internal int Descriptor { get; }

    internal LoopConnections Owner { get; }

    internal ConnectionProtocol Protocol { get; }

    /// <summary>Set while the loop has the connection on its list of those to look at again.</summary>
    internal bool IsQueued { get; set; }

    /// <summary>Place in the owner's list; -1 when it is not there.</summary>
    internal int Index { get; set; } = -1;

    /// <summary>Loop time of the beginning, the last event or the last finished request.</summary>
    internal long LastActive { get; private set; }

    /// <summary>True once the loop gets this connection's events.</summary>
    internal bool IsWatched => _isWatched;

    internal bool IsFinished => _isFinished;

    internal SocketName Remote => _remote;

    /// <summary>The peer has yet to say for whom it speaks.</summary>
    internal bool AwaitsPreface { get; private set; }

    private SocketName Local => Announced?.Server ?? (_local ??= SocketName.OfLocal(Descriptor));

    /// <summary>The preface has come; null: it names nobody.</summary>
    internal void Announce(AnnouncedClient? announced)
    {
        Announced = announced;
        AwaitsPreface = false;
        _remoteAddress = null;
    }

    /// <summary>The loop has it. Not before: the clock of a loop that sleeps has stopped, and a new connection would be idle for as long as that.</summary>
    internal void Begin() => LastActive = Loop.Now;

    /// <summary>A request begins; the gateway calls it for every request, and <see cref="RequestFinished"/> after it.</summary>
    public void RequestStarted()
    {
        IsBeginningRequest = false;
        Interlocked.Increment(ref _activeRequests);
    }

    /// <summary>A request is over.</summary>
    /// <param name="mayHibernate">
    /// True when nothing of the exchange is outstanding once the answer has been sent and the connection has no state of its own: cleartext HTTP/1.x,
    /// not upgraded, and the request had no body or it was read to its end. Then, and with no byte of a next request received, an idle connection may
    /// be ended for Kestrel while its socket stays open.
    /// </param>
    public void RequestFinished(bool mayHibernate)
    {
        LastActive = Loop.Now;
        _input.ExchangeEnded(mayHibernate);
        _observer = null;
        Interlocked.Decrement(ref _activeRequests);
    }

    void IDescriptorHandler.OnEvents(EpollEvents events)
    {
        if (_isFinished)
            return;
        LastActive = Loop.Now;
        if ((events & (EpollEvents.ReadHangUp | Broken)) != 0)
            ClientLeft((events & Broken) != 0);
        if ((events & (EpollEvents.Out | Broken)) != 0)
            Output.OnWritable();
        if ((events & ~EpollEvents.Out) != 0 && !_isFinished)
            _input.OnReadable();
    }

    /// <summary>Cuts the connection. Any thread; the loop sees the hang-up and ends what waits.</summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        Break();
        lock (Gate)
        {
            if (!_isFinished)
                SocketCalls.ShutdownBoth(Descriptor);
        }
    }

    public override void Abort() => Abort(null!);

    /// <summary>
    /// Cuts the connection so that a TCP client sees a reset: where an answer has no length, its end is the connection's, and an orderly one
    /// would pass for the whole. On a UNIX socket the client sees an end. Loop thread.
    /// </summary>
    public void Reset()
    {
        Break();
        lock (Gate)
        {
            if (!_isFinished)
                SocketCalls.DiscardAtClose(Descriptor);
        }
        Loop.Again(this);
    }

    /// <summary>Kestrel has done with the connection. What is unsent is still sent, by the loop, within the send time-out.</summary>
    public override ValueTask DisposeAsync()
    {
        if (EventLoop.Current == Loop)
            Output.Close();
        else
            Loop.Post(static c => ((ClientConnection)c!).Output.Close(), this);
        return default;
    }

    /// <summary>The living connection of this <see cref="ConnectionId"/>; Kestrel's log names connections so.</summary>
    public static ClientConnection? Find(string id) => Named.GetValueOrDefault(id);

    /// <summary>Marks the connection broken: flushes end, the closed token fires.</summary>
    internal void Break()
    {
        if (_isBroken)
            return;
        _isBroken = true;
        // Kestrel's callbacks belong neither under our lock nor into the loop's present work.
        ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), _closed, preferLocal: false);
    }

    /// <summary>From here on the loop gets the events. After the first continuation has been stored: Kestrel starts connections on the thread pool.</summary>
    /// <remarks>
    /// Under the lock, because the continuation may already have run and ended the connection (a cancellation, hibernation): its descriptor may by now
    /// be another connection's, or belong to a hibernating socket.
    /// </remarks>
    internal void EnsureWatched()
    {
        if (_isWatched)
            return;
        lock (Gate)
        {
            if (_isWatched || _isFinished)
                return;
            Loop.Watch(Descriptor, Interest, this);
            _isWatched = true;
        }
    }

    /// <summary>Once a second, on the loop: the time-outs and hibernation.</summary>
    internal void OnSecond(long now, in ConnectionClocks clocks, ref int hibernations)
    {
        if (Output.IsTooSlow(now, clocks.Silence, clocks.SendRate))
            Abort();
        _input.TimeOutBeginning(now, clocks.Head);
        // Who takes long for a head that fits a packet holds no more memory for it than those bytes.
        long hibernateAfter = _input.IsWithinBeginning ? 0 : clocks.Hibernate;
        if (hibernations > 0 && now - LastActive >= hibernateAfter && Volatile.Read(ref _activeRequests) == 0 && !_isBroken
            && !Output.IsBusy && _input.TryHibernate())
            hibernations--;
        else if (now - LastActive >= clocks.KeepAlive && Volatile.Read(ref _activeRequests) == 0 && !Output.IsBusy && !_isBroken)
            Abort(); // too much has come of a head to hibernate with, or of what no exchange begins with
    }

    /// <summary>Kestrel has let go and everything is sent: the socket goes to sleep, lingers, or is closed. Loop thread.</summary>
    internal void Finish()
    {
        lock (Gate)
        {
            if (_isFinished)
                return;
            _isFinished = true;
        }
        bool isBroken = _isBroken;
        _isBroken = true;
        Owner.Remove(this);
        if (_id is { } id)
            Named.TryRemove(id, out _);
        if (_input.IsHibernating && !isBroken)
            Owner.Hibernate(this, _input.Keep(out long begun), begun);
        else if (!isBroken && _input.HasOutstanding())
            Owner.Linger(Descriptor, _remote);
        else
            Owner.Close(Descriptor, _remote);
        _input.Release();
        Output.Release();
    }

    private void ClientLeft(bool isBroken)
    {
        _input.ExpectEnd();
        // Not by _isBroken: a failed send may have set it before the loop hears of the hang-up.
        bool isNews = !IsHalfClosed || (isBroken && !_isEndTold);
        IsHalfClosed = true;
        if (isBroken)
        {
            _isEndTold = true;
            Break();
        }
        if (isNews)
            NotifyObserver();
    }

    private string Name()
    {
        string id = Interlocked.Increment(ref _lastId).ToString("x", System.Globalization.CultureInfo.InvariantCulture);
        Named[id] = this;
        return id;
    }

    private void NotifyObserver()
    {
        if (Volatile.Read(ref _activeRequests) > 0)
            _observer?.ClientGone();
    }
}
