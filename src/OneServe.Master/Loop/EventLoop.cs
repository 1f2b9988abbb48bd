using System.Collections.Concurrent;
using OneServe.Posix;

namespace OneServe.Master.Loop;

/// <summary>The master's one thread: control sockets, other descriptors, posted actions (signals, exits) and timers, one after the other.</summary>
internal sealed class EventLoop(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan CongestionDelay = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly SafeDescriptor _wake = Descriptors.Event();
    private readonly Dictionary<ControlSocket, SocketWatch> _watches = [];

    private readonly Dictionary<int, Action> _descriptors = [];

    public TimerQueue Timers { get; } = new(clock);

    /// <summary>Runs an action on the loop's thread. From any thread.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        Descriptors.Signal(_wake.Number);
    }

    /// <summary>Hands every message to <paramref name="received"/>; at the peer's end stops watching and calls <paramref name="ended"/>.</summary>
    public void Add(ControlSocket socket, Action<ControlMessage> received, Action ended) => _watches[socket] = new SocketWatch(received, ended);

    /// <summary>Calls <paramref name="readable"/> in every turn in which the descriptor is readable.</summary>
    public void Watch(int descriptor, Action readable) => _descriptors[descriptor] = readable;

    /// <summary>Ends <see cref="Watch"/>. Before the descriptor is closed.</summary>
    public void Unwatch(int descriptor) => _descriptors.Remove(descriptor);

    public void Remove(ControlSocket socket) => _watches.Remove(socket);

    /// <summary>
    /// Takes what a socket holds right now. A process's last words are in its socket before waitpid(2) can return it: read them before
    /// its death is acted upon.
    /// </summary>
    public void Drain(ControlSocket socket)
    {
        while (_watches.TryGetValue(socket, out var watch))
        {
            switch (socket.Receive(out var message))
            {
                case ReceiveStatus.Received:
                    watch.Received(message);
                    break;
                case ReceiveStatus.Empty:
                    return;
                default:
                    Remove(socket);
                    watch.Ended();
                    return;
            }
        }
    }

    /// <summary>Runs until <paramref name="done"/> says so, asked after every turn.</summary>
    public void Run(Func<bool> done)
    {
        while (!done())
            Turn();
    }

    public void Dispose() => _wake.Dispose();

    private void Turn()
    {
        var sockets = _watches.Keys.ToArray();
        int[] descriptors = [.. _descriptors.Keys];
        var entries = new PollEntry[sockets.Length + descriptors.Length + 1];
        entries[^1] = new PollEntry { Descriptor = _wake.Number, Wanted = PollEvents.Readable };
        bool congested = false;
        for (int i = 0; i < sockets.Length; i++)
        {
            congested |= sockets[i].IsCongested;
            bool writes = sockets[i].Pending > 0 && !sockets[i].IsCongested;
            entries[i] = new PollEntry { Descriptor = sockets[i].Descriptor, Wanted = PollEvents.Readable | (writes ? PollEvents.Writable : PollEvents.None) };
        }
        for (int i = 0; i < descriptors.Length; i++)
            entries[sockets.Length + i] = new PollEntry { Descriptor = descriptors[i], Wanted = PollEvents.Readable };
        Polling.Wait(entries, Timeout(congested)).OrThrow("poll");

        for (int i = 0; i < sockets.Length; i++)
        {
            // An earlier handler of this turn may have closed the socket.
            if (!_watches.ContainsKey(sockets[i]))
                continue;
            if (sockets[i].IsCongested || (entries[i].Returned & PollEvents.Writable) != 0)
                sockets[i].Flush();
            if ((entries[i].Returned & ~PollEvents.Writable) != 0)
                Drain(sockets[i]);
        }
        for (int i = 0; i < descriptors.Length; i++)
        {
            if (entries[sockets.Length + i].Returned != 0 && _descriptors.TryGetValue(descriptors[i], out var readable))
                readable();
        }
        if (entries[^1].Returned != 0)
            Descriptors.Read(_wake.Number, stackalloc byte[sizeof(ulong)]);
        while (_posted.TryDequeue(out var action))
            action();
        Timers.RunDue();
    }

    /// <summary>Milliseconds for poll(2): rounded up, or the loop would spin through the last one.</summary>
    private int Timeout(bool congested)
    {
        var next = Timers.Next();
        if (congested && (next is null || next > CongestionDelay))
            next = CongestionDelay;
        return next is { } wait ? (int)Math.Min(Math.Ceiling(wait.TotalMilliseconds), int.MaxValue) : -1;
    }

    private sealed record SocketWatch(Action<ControlMessage> Received, Action Ended);
}
