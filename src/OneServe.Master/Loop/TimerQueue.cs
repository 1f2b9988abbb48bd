namespace OneServe.Master.Loop;

/// <summary>What is to happen later, by an injected clock. Belongs to one thread, which asks when to wake and runs what is due.</summary>
internal sealed class TimerQueue(TimeProvider clock)
{
    private readonly PriorityQueue<Timer, (long Due, long Order)> _queue = new();
    private long _order;

    /// <summary>Runs <paramref name="action"/> once, <paramref name="delay"/> from now. Dispose cancels.</summary>
    public IDisposable After(TimeSpan delay, Action action)
    {
        var timer = new Timer(action);
        _queue.Enqueue(timer, (clock.GetTimestamp() + (long)(delay.TotalSeconds * clock.TimestampFrequency), _order++));
        return timer;
    }

    /// <summary>Time until the next one is due, zero when it is already; null when there is none.</summary>
    public TimeSpan? Next()
    {
        while (_queue.TryPeek(out var timer, out var when))
        {
            if (timer.Action is null)
                _queue.Dequeue();
            else
                return when.Due <= clock.GetTimestamp() ? TimeSpan.Zero : clock.GetElapsedTime(clock.GetTimestamp(), when.Due);
        }
        return null;
    }

    /// <summary>Runs everything that is due, in order of time.</summary>
    public void RunDue()
    {
        while (Next() == TimeSpan.Zero)
            _queue.Dequeue().Run();
    }

    private sealed class Timer(Action action) : IDisposable
    {
        public Action? Action { get; private set; } = action;

        public void Run()
        {
            var due = Action;
            Action = null;
            due?.Invoke();
        }

        public void Dispose() => Action = null;
    }
}
