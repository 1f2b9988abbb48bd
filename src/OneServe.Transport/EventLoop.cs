using System.Collections.Concurrent;
using System.Text;
using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>
/// One epoll instance and its thread. Everything that belongs to a loop runs on that thread and from its top frame, one piece of work after the other.
/// </summary>
/// <remarks>
/// A turn: wait; handlers of ready descriptors; posted actions; connections that asked to be looked at again; due timers; participants. After each
/// piece the connections with fresh output send it, so that all a piece of work has written leaves in one system call.
/// A failure of one handler is reported and ends that connection; a failure of the loop itself ends the process: a broken loop does not limp.
/// </remarks>
public sealed unsafe class EventLoop
{
    private const int EventsPerTurn = 512;
    private const int PostedPerTurn = 1024; // an action that posts itself again must not starve the descriptors
    private const ulong WakeToken = ulong.MaxValue;
    private const int Second = 1000;

    [ThreadStatic]
    private static EventLoop? _current;

    private readonly SafeDescriptor _epoll = Epoll.Create();
    private readonly SafeDescriptor _wake = Descriptors.Event();
    private readonly HandlerTable _handlers = new();
    private readonly ConcurrentQueue<PostedAction> _posted = new();
    private readonly PriorityQueue<PostedAction, long> _timers = new();
    private readonly List<ConnectionOutput> _dirty = [];
    private readonly Thread _thread;
    private List<ClientConnection> _again = [];
    private List<ClientConnection> _againNow = [];
    private ILoopParticipant[] _participants = [];
    private int _isSignalled;
    private long _nextSecond;
    private volatile bool _isStopping;

    public EventLoop(string name = "loop")
    {
        // Edge-triggered and never read: each write to the eventfd is a new edge.
        Epoll.Add(_epoll.Number, _wake.Number, EpollEvents.In | EpollEvents.EdgeTriggered, WakeToken).OrThrow("epoll_ctl");
        _thread = new Thread(Run) { IsBackground = true, Name = name };
    }

    /// <summary>The loop whose thread this is; null on other threads.</summary>
    public static EventLoop? Current => _current;

    /// <summary>Milliseconds (<see cref="Environment.TickCount64"/>) at which this turn began.</summary>
    public long Now { get; private set; } = Environment.TickCount64;

    /// <summary>Told of an exception that left a handler or a posted action. Unset, such an exception ends the process.</summary>
    public Action<Exception>? HandlerFailed { get; set; }

    /// <summary>Starts the thread.</summary>
    public void Start() => _thread.Start();

    /// <summary>Ends the loop after its present turn and, called from outside, waits for it.</summary>
    public void Stop()
    {
        _isStopping = true;
        Descriptors.Signal(_wake.Number);
        if (Current != this && _thread.IsAlive)
            _thread.Join();
    }

    /// <summary>Adds one that takes part in every turn. Any thread.</summary>
    public void Attach(ILoopParticipant participant)
    {
        lock (_handlers)
            Volatile.Write(ref _participants, [.. _participants, participant]);
    }

    /// <summary>Calls the handler for these events of the descriptor from now on, in place of any earlier one. Any thread.</summary>
    public void Watch(int descriptor, EpollEvents events, IDescriptorHandler handler)
    {
        ulong token = _handlers.Set(descriptor, handler, out bool wasInKernel);
        var result = wasInKernel
            ? Epoll.Modify(_epoll.Number, descriptor, events, token)
            : Epoll.Add(_epoll.Number, descriptor, events, token);
        result.OrThrow("epoll_ctl");
    }

    /// <summary>Changes the events of a watched descriptor; its handler stays.</summary>
    public void Modify(int descriptor, EpollEvents events)
        => Epoll.Modify(_epoll.Number, descriptor, events, _handlers.TokenOf(descriptor)).OrThrow("epoll_ctl");

    /// <summary>Ends <see cref="Watch"/>, at once: events that have been fetched already are dropped. Before the descriptor is closed.</summary>
    public void Unwatch(int descriptor)
    {
        _handlers.Clear(descriptor, leavesKernel: true);
        Epoll.Remove(_epoll.Number, descriptor);
    }

    /// <summary>Runs the action on the loop, within this turn or the next one. Any thread.</summary>
    public void Post(Action<object?> action, object? state) => Post(new PostedAction(action, state));

    /// <summary>Runs the action after so many milliseconds. Loop thread only.</summary>
    public void Schedule(int delay, Action<object?> action, object? state)
        => _timers.Enqueue(new PostedAction(action, state), Environment.TickCount64 + delay);

    internal void Post(PostedAction action)
    {
        _posted.Enqueue(action);
        if (_current != this && Interlocked.Exchange(ref _isSignalled, 1) == 0)
            Descriptors.Signal(_wake.Number);
    }

    /// <summary>The descriptor is about to be closed, which takes it out of the epoll set without a call of its own.</summary>
    internal void Forget(int descriptor) => _handlers.Clear(descriptor, leavesKernel: true);

    /// <summary>Drops events until the next <see cref="Watch"/>, which reports anew what is ready then.</summary>
    internal void Suspend(int descriptor) => _handlers.Clear(descriptor, leavesKernel: false);

    /// <summary>Looks at this connection again after the other ones of this turn. Loop thread only.</summary>
    internal void Again(ClientConnection connection)
    {
        if (connection.IsQueued)
            return;
        connection.IsQueued = true;
        _again.Add(connection);
    }

    /// <summary>This connection has bytes to send when the present piece of work is over. Loop thread only.</summary>
    internal void MarkDirty(ConnectionOutput output) => _dirty.Add(output);

    private void Run()
    {
        _current = this;
        // Shown by top -H; the runtime keeps a thread's name to itself.
        ProcessCalls.SetName(Encoding.ASCII.GetBytes(_thread.Name!));
        SynchronizationContext.SetSynchronizationContext(new LoopSynchronizationContext(this));
        try
        {
            var events = stackalloc EpollEvent[EventsPerTurn];
            while (!_isStopping)
                Turn(events);
        }
        catch (Exception e)
        {
            Environment.FailFast("The event loop failed: " + e.Message, e);
        }
        _epoll.Dispose();
        _wake.Dispose();
    }

    private void Turn(EpollEvent* events)
    {
        var result = Epoll.Wait(_epoll.Number, events, EventsPerTurn, SleepTime());
        if (result.IsError && result.Errno != Errno.EINTR)
            result.OrThrow("epoll_wait");
        Now = Environment.TickCount64;
        foreach (var participant in _participants)
            participant.AfterWake();
        for (int i = 0; i < result.Value; i++)
        {
            if (events[i].Token == WakeToken)
                Interlocked.Exchange(ref _isSignalled, 0); // full fence: an action queued before it is seen below, a later one signals again
            else if (_handlers.Find(events[i].Token) is { } handler)
                Handle(handler, events[i].Events);
        }
        RunPosted();
        RunAgain();
        RunTimers();
        foreach (var participant in _participants)
            participant.EndOfTurn();
        SendDirty();
        if (Now >= _nextSecond)
            RunSecond();
    }

    /// <summary>Milliseconds for epoll_wait: 0 while anything is to be done.</summary>
    private int SleepTime()
    {
        if (_again.Count > 0 || !_posted.IsEmpty)
            return 0;
        long limit = _timers.TryPeek(out _, out long due) ? Math.Max(0, due - Now) : int.MaxValue;
        bool mayNot = false;
        foreach (var participant in _participants)
        {
            mayNot |= participant.BeforeSleep();
            if (participant.SleepLimit is var own and >= 0)
                limit = Math.Min(limit, own);
            if (participant.WantsSeconds)
                limit = Math.Min(limit, Math.Max(0, _nextSecond - Now));
        }
        SendDirty();
        if (mayNot || _again.Count > 0 || !_posted.IsEmpty)
            return 0;
        return limit == int.MaxValue ? -1 : (int)limit;
    }

    private void Handle(IDescriptorHandler handler, EpollEvents events)
    {
        try
        {
            handler.OnEvents(events);
        }
        catch (Exception e)
        {
            (handler as ClientConnection)?.Abort();
            Report(e);
        }
        SendDirty();
    }

    private void RunPosted()
    {
        for (int i = 0; i < PostedPerTurn && _posted.TryDequeue(out var action); i++)
            RunAction(action);
    }

    private void RunTimers()
    {
        while (_timers.TryPeek(out var action, out long due) && due <= Now)
        {
            _timers.Dequeue();
            RunAction(action);
        }
    }

    private void RunAction(PostedAction action)
    {
        try
        {
            action.Run();
        }
        catch (Exception e)
        {
            Report(e);
        }
        SendDirty();
    }

    private void RunAgain()
    {
        if (_again.Count == 0)
            return;
        (_again, _againNow) = (_againNow, _again);
        foreach (var connection in _againNow)
        {
            connection.IsQueued = false;
            Handle(connection, EpollEvents.In | EpollEvents.Out);
        }
        _againNow.Clear();
    }

    private void RunSecond()
    {
        _nextSecond = Now + Second;
        foreach (var participant in _participants)
        {
            if (participant.WantsSeconds)
                participant.OnSecond();
            SendDirty();
        }
    }

    private void SendDirty()
    {
        for (int i = 0; i < _dirty.Count; i++)
            _dirty[i].SendAtEndOfWork();
        _dirty.Clear();
    }

    private void Report(Exception e)
    {
        if (HandlerFailed == null)
            Environment.FailFast("A handler failed and nobody is told: " + e.Message, e);
        HandlerFailed(e);
    }
}
