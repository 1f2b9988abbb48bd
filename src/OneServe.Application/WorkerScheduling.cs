using OneServe.Posix;

namespace OneServe.Application;

/// <summary>Carries out <see cref="SchedulingPolicy"/>: on the loop's thread and on the threads of the slots.</summary>
internal sealed class WorkerScheduling(Scoreboard board)
{
    /// <summary>Between two looks, ms: some hundred requests, at little cost (10 µs).</summary>
    private const long Interval = 100;

    private readonly SchedulingPolicy _policy = new();
    private SafeDescriptor? _figures;
    private long _next;

    /// <summary>The loop runs in SCHED_BATCH.</summary>
    public bool IsBatch { get; private set; }

    /// <summary>Looks, when it is time to. Called while requests are out, and in SCHED_BATCH whatever is served: files, too, wait for other programs then.</summary>
    /// <param name="now">The loop's clock, ms.</param>
    /// <param name="slots">All slots.</param>
    public void Look(long now, ReadOnlySpan<Slot> slots)
    {
        if (now < _next)
            return;
        _next = now + Interval;
        _figures ??= SchedulerStatistics.OpenForThisThread();
        if (SchedulerStatistics.TryRead(_figures, out long waited, out long slices))
            _policy.Observe(now, waited, slices);
        if (IsBatch != _policy.IsBatch)
        {
            IsBatch = _policy.IsBatch;
            ProcessCalls.UseBatchScheduling(0, IsBatch);
        }
        foreach (var slot in slots)
            Apply(slot);
    }

    /// <summary>Workers come and go: each is told when it differs.</summary>
    private void Apply(Slot slot)
    {
        int thread = (int)board[slot.Line, SlotWord.Thread];
        if (thread <= 0 || (slot.ScheduledThread == thread && slot.IsBatch == _policy.IsBatch))
            return;
        slot.ScheduledThread = thread;
        slot.IsBatch = _policy.IsBatch;
        ProcessCalls.UseBatchScheduling(thread, _policy.IsBatch);
    }
}
