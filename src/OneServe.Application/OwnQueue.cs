using OneServe.Posix;

namespace OneServe.Application;

/// <summary>
/// The queue that one worker has for itself: a process that serves many requests at a time on one event loop. The gateway knows of each request
/// which worker has it, and what that worker has not taken yet it can take back.
/// </summary>
/// <param name="socket">The gateway's end.</param>
/// <param name="workersEnd">The end that the worker reads too.</param>
/// <param name="capacity">Requests that the worker serves at a time.</param>
internal sealed class OwnQueue(SafeDescriptor socket, SafeDescriptor workersEnd, int capacity) : IDisposable
{
    /// <summary>A loop that leaves a packet lying for longer has something else to do, ms.</summary>
    public const long Patience = 50;

    private ulong _seen;
    private ulong _lastSent;
    private long _movedAt;

    /// <summary>Requests that the worker serves at a time.</summary>
    public int Capacity => capacity;

    public SafeDescriptor Socket { get; } = socket;

    public SafeDescriptor WorkersEnd { get; } = workersEnd;

    /// <summary>Packets sent and not answered.</summary>
    public int InFlight { get; set; }

    /// <summary>Those among them that have been given up, because they ran for too long.</summary>
    public int Overdue { get; set; }

    /// <summary>Requests have been sent since the last <see cref="Probed"/>: they may lie in the queue.</summary>
    public bool MayHoldRequests { get; private set; }

    /// <summary>It gets no further request: its queue has been shut.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>The kernel takes no further packet in this turn of the loop.</summary>
    public bool IsFull { get; set; }

    /// <summary>It went on with an answer that it was told to hold back.</summary>
    public bool IsOverrun { get; set; }

    /// <summary>Requests that may be sent now.</summary>
    public int Room => IsLeaving || IsFull ? 0 : Math.Max(0, capacity - InFlight);

    /// <summary>Notes a packet that has been sent, and how far the worker was just before.</summary>
    public void Sent(ulong id, long now)
    {
        if (_seen == _lastSent)
            _movedAt = now;
        _lastSent = id;
        MayHoldRequests = true;
    }

    /// <summary>A packet that does nothing but show when it has been taken. Until then, however short, the worker counts as behind.</summary>
    public void Probed(ulong id)
    {
        _lastSent = id;
        MayHoldRequests = false;
        _movedAt = long.MinValue / 2;
    }

    /// <summary>Looks how far the worker is.</summary>
    /// <param name="taken">The packet that it took last.</param>
    /// <param name="now">The loop's time, ms.</param>
    public void Look(ulong taken, long now)
    {
        if (taken == _seen)
            return;
        _seen = taken;
        _movedAt = now;
    }

    /// <summary>Its loop has not answered lately: there are packets that it should have taken.</summary>
    public bool IsBehind(long now) => _seen != _lastSent && now - _movedAt > Patience;

    public void Dispose()
    {
        Socket.Dispose();
        WorkersEnd.Dispose();
    }
}
