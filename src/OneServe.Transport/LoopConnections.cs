using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>One loop's share of a transport's connections, with their clocks: send time-out, hibernation, keep-alive, lingering. Loop thread only.</summary>
internal sealed class LoopConnections(EpollTransport transport, EventLoop loop) : ILoopParticipant
{
    private const int HibernationsPerSweep = 250; // about 2 ms of a turn
    private const int SweepInterval = 50;         // ms, while a sweep has left some over
    private const int WorthCollecting = 500;

    private readonly SocketList _hibernating = new();
    private readonly SocketList _lingering = new();
    private readonly List<ClientConnection> _live = [];
    private int _sinceCollection;
    private bool _isSweepDue;

    public EventLoop Loop { get; } = loop;

    public long LingerBytes => transport.LingerBytes;

    public int Hibernating => _hibernating.Count;

    int ILoopParticipant.SleepLimit => -1;

    bool ILoopParticipant.WantsSeconds => _live.Count > 0 || _hibernating.Count > 0 || _lingering.Count > 0;

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
        Sweep();
    }

    public void Add(ClientConnection connection)
    {
        if (connection.IsFinished)
            return;
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
    public void Hibernate(ClientConnection connection)
    {
        if (!transport.IsAccepting)
        {
            Close(connection.Descriptor);
            return;
        }
        var socket = new HibernatingSocket(this, _hibernating, connection) { Deadline = connection.LastActive + Milliseconds(transport.KeepAliveTimeout) };
        _hibernating.Add(socket);
        Loop.Watch(connection.Descriptor, HibernatingSocket.Interest, socket);
    }

    /// <summary>A hibernating connection has something to say.</summary>
    public void Wake(HibernatingSocket socket)
    {
        _hibernating.Remove(socket);
        Loop.Suspend(socket.Descriptor);
        transport.Offer(new ClientConnection(socket.Descriptor, socket.Remote, socket.ListenerId, this));
    }

    /// <summary>Ends our half and reads on for a while: a close with unread input would reset the connection, and the answer with it.</summary>
    public void Linger(int descriptor)
    {
        SocketCalls.ShutdownWriting(descriptor);
        var socket = new LingeringSocket(this, _lingering, descriptor) { Deadline = Loop.Now + Milliseconds(transport.LingerTimeout) };
        _lingering.Add(socket);
        Loop.Watch(descriptor, LingeringSocket.Interest, socket);
    }

    /// <summary>Closes a socket that hibernates or lingers.</summary>
    public void Close(WaitingSocket socket)
    {
        socket.List.Remove(socket);
        Close(socket.Descriptor);
    }

    /// <summary>Closes all that hibernate.</summary>
    public void CloseHibernating()
    {
        while (_hibernating.First is { } socket)
            Close(socket);
    }

    public void Close(int descriptor)
    {
        Loop.Forget(descriptor);
        Descriptors.Close(descriptor);
        transport.ConnectionEnded();
    }

    private static long Milliseconds(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? int.MaxValue : (long)time.TotalMilliseconds;

    private void Expire(SocketList list, long now)
    {
        while (list.First is { } socket && socket.Deadline <= now)
            Close(socket);
    }

    private void Sweep()
    {
        long now = Loop.Now;
        long sendTimeout = Milliseconds(transport.SendTimeout);
        long hibernateAfter = Milliseconds(transport.HibernateAfter);
        int left = HibernationsPerSweep;
        // Backwards: a connection that ends while it is looked at is replaced by the last one, which has been looked at already.
        for (int i = _live.Count - 1; i >= 0; i--)
        {
            if (i < _live.Count)
                _live[i].OnSecond(now, sendTimeout, hibernateAfter, ref left);
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
