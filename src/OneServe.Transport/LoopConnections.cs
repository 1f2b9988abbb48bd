using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>One loop's share of a transport's connections, with their clocks: send time-out, hibernation, keep-alive, lingering. Loop thread only.</summary>
internal sealed class LoopConnections(EpollTransport transport, EventLoop loop) : ILoopParticipant
{
    private const int HibernationsPerSweep = 250; // about 2 ms of a turn
    private const int SweepInterval = 50;         // ms, while a sweep has left some over
    private const int WorthCollecting = 500;

    private readonly SocketList _hibernating = new();
    private readonly SocketList _beginning = new(); // hibernating within the beginning of an exchange
    private readonly SocketList _lingering = new();
    private readonly SocketList _turnedAway = new(); // lingering, too
    private readonly List<ClientConnection> _live = [];
    private int _sinceCollection;
    private bool _isSweepDue;

    public EventLoop Loop { get; } = loop;

    public long LingerBytes => transport.LingerBytes;

    public int Hibernating => _hibernating.Count + _beginning.Count;

    /// <summary>Sockets among those that linger which never were connections.</summary>
    public int TurnedAway => _turnedAway.Count;

    int ILoopParticipant.SleepLimit => -1;

    bool ILoopParticipant.WantsSeconds => _live.Count > 0 || Hibernating > 0 || _lingering.Count > 0 || _turnedAway.Count > 0;

    bool ILoopParticipant.BeforeSleep() => false;

    void ILoopParticipant.AfterWake()
    {
    }

    void ILoopParticipant.EndOfTurn()
    {
    }

    void ILoopParticipant.OnSecond()
    {
        Expire(_hibernating, Loop.Now);
        Expire(_lingering, Loop.Now);
        Expire(_turnedAway, Loop.Now);
        TimeOutBeginnings(Loop.Now);
        Sweep();
    }

    /// <summary>A connection begins; its server may be another than Kestrel.</summary>
    public void Begin(ClientConnection connection)
    {
        Add(connection);
        connection.Protocol.Serve?.Invoke(connection);
    }

    private void Add(ClientConnection connection)
    {
        if (connection.IsFinished)
            return;
        connection.Begin();
        connection.Index = _live.Count;
        _live.Add(connection);
    }

    public void Remove(ClientConnection connection)
    {
        int index = connection.Index;
        if (index < 0)
            return;
        var last = _live[^1];
        _live[index] = last;
        last.Index = index;
        _live.RemoveAt(_live.Count - 1);
        connection.Index = -1;
    }

    /// <summary>Keeps the socket of an idle connection that Kestrel has let go of; the next byte makes a new connection of it.</summary>
    /// <param name="connection">The connection that ends.</param>
    /// <param name="kept">What has come of the next exchange's beginning.</param>
    /// <param name="begun">When that came, loop time.</param>
    public void Hibernate(ClientConnection connection, byte[] kept, long begun)
    {
        if (!transport.IsAccepting)
        {
            Close(connection.Descriptor, connection.Remote);
            return;
        }
        var list = kept.Length == 0 ? _hibernating : _beginning;
        long deadline = kept.Length == 0 ? connection.LastActive + Milliseconds(transport.KeepAliveTimeout) : begun + Milliseconds(transport.HeadTimeout);
        var socket = new HibernatingSocket(this, list, connection) { Deadline = deadline, Kept = kept, Begun = begun };
        list.Add(socket);
        Loop.Watch(connection.Descriptor, HibernatingSocket.Interest, socket);
    }

    /// <summary>A hibernating connection has something to say.</summary>
    public void Wake(HibernatingSocket socket)
    {
        socket.List.Remove(socket);
        Loop.Suspend(socket.Descriptor);
        transport.Offer(new ClientConnection(socket, this));
    }

    /// <summary>Ends our half and reads on for a while: a close with unread input would reset the connection, and the answer with it.</summary>
    public void Linger(int descriptor, in SocketName remote) => Linger(descriptor, remote, _lingering);

    private void Linger(int descriptor, in SocketName remote, SocketList list)
    {
        SocketCalls.ShutdownWriting(descriptor);
        var socket = new LingeringSocket(this, list, descriptor, remote) { Deadline = Loop.Now + Milliseconds(transport.LingerTimeout) };
        list.Add(socket);
        Loop.Watch(descriptor, LingeringSocket.Interest, socket);
    }

    /// <summary>Closes a socket that hibernates or lingers.</summary>
    public void Close(WaitingSocket socket)
    {
        socket.List.Remove(socket);
        Close(socket.Descriptor, socket.Remote);
    }

    /// <summary>Closes all that hibernate.</summary>
    public void CloseHibernating()
    {
        while ((_hibernating.First ?? _beginning.First) is { } socket)
            Close(socket);
    }

    public void Close(int descriptor, in SocketName remote)
    {
        Loop.Forget(descriptor);
        Descriptors.Close(descriptor);
        transport.ConnectionEnded(remote);
    }

    private static long Milliseconds(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? int.MaxValue : (long)time.TotalMilliseconds;

    private void Expire(SocketList list, long now)
    {
        while (list.First is { } socket && socket.Deadline <= now)
            Close(socket);
    }

    /// <summary>Not in the order of their deadlines: a client that stops, sends a byte and stops again comes to the end of the list.</summary>
    private void TimeOutBeginnings(long now)
    {
        for (var socket = _beginning.First; socket != null;)
        {
            var next = socket.Next;
            if (socket.Deadline <= now)
                Refuse((HibernatingSocket)socket);
            socket = next;
        }
    }

    private void Refuse(HibernatingSocket socket)
    {
        socket.List.Remove(socket);
        Send(socket.Descriptor, socket.Protocol.Filter!.TimedOut(socket.Kept, socket.Announced?.Client ?? socket.Remote).Span);
        Linger(socket.Descriptor, socket.Remote);
    }

    /// <summary>Tells a client that there is no place, and ends its connection. No address counts it.</summary>
    public void TurnAway(int descriptor, ReadOnlySpan<byte> answer)
    {
        Send(descriptor, answer);
        Linger(descriptor, default, _turnedAway);
    }

    /// <summary>Sends a short answer, as far as the socket takes it.</summary>
    private static unsafe void Send(int descriptor, ReadOnlySpan<byte> answer)
    {
        fixed (byte* bytes = answer)
            SocketCalls.Send(descriptor, bytes, answer.Length, MessageFlags.NoSignal);
    }

    private void Sweep()
    {
        long now = Loop.Now;
        var clocks = new ConnectionClocks(
            Silence: Milliseconds(transport.SendTimeout),
            SendRate: transport.MinimumSendRate,
            Head: Milliseconds(transport.HeadTimeout),
            Hibernate: Math.Min(Milliseconds(transport.HibernateAfter), Milliseconds(transport.KeepAliveTimeout)),
            KeepAlive: Milliseconds(transport.KeepAliveTimeout));
        int left = HibernationsPerSweep;
        // Backwards: a connection that ends while it is looked at is replaced by the last one, which has been looked at already.
        for (int i = _live.Count - 1; i >= 0; i--)
        {
            if (i < _live.Count)
                _live[i].OnSecond(now, clocks, ref left);
        }
        _sinceCollection += HibernationsPerSweep - left;
        if (left == 0 && !_isSweepDue)
            Loop.Schedule(SweepInterval, static connections => ((LoopConnections)connections!).SweepOn(), this);
        _isSweepDue |= left == 0;
        if (left == HibernationsPerSweep && _sinceCollection >= WorthCollecting)
            GiveMemoryBack();
    }

    private void SweepOn()
    {
        _isSweepDue = false;
        Sweep();
    }

    /// <summary>After a wave of hibernations the heap is nearly empty but still committed: one full collection returns it to the system.</summary>
    private void GiveMemoryBack()
    {
        _sinceCollection = 0;
        ThreadPool.UnsafeQueueUserWorkItem(static _ => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true), null);
    }
}
