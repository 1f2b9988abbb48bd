namespace OneServe.Application;

/// <summary>
/// Decides between SCHED_BATCH and SCHED_OTHER for the gateway's loop and its workers.
/// </summary>
/// <remarks>
/// SCHED_BATCH saves 2 to 6 µs of CPU a request, because a woken worker does not preempt the gateway in the middle of its turn. But then nobody is
/// preempted, other programs included: where these keep every CPU busy, each wake-up waits for the end of somebody's time slice, some 3 ms
/// (measured with two busy programs on two CPUs, one connection: 350 requests/s instead of 5,500). How long the loop has waited for a CPU tells which
/// of the two it is.
/// </remarks>
internal sealed class SchedulingPolicy
{
    /// <summary>Waiting so long for a CPU, in the mean, is more than neighbours do who sleep now and then themselves; ns.</summary>
    private const long LongWait = 1_000_000;

    /// <summary>Fewer waits say nothing.</summary>
    private const long LeastSlices = 10;

    private const long FirstPause = 2_000;
    private const long LongestPause = 60_000;

    private long _waited;
    private long _slices;
    private long _pause = FirstPause;
    private long _until;

    /// <summary>True: SCHED_BATCH.</summary>
    public bool IsBatch { get; private set; } = true;

    /// <summary>Takes the scheduler's figures of the loop's thread, now and then while there is work.</summary>
    /// <param name="now">Clock, ms.</param>
    /// <param name="waited">Time spent waiting for a CPU so far, ns.</param>
    /// <param name="slices">How often a CPU was given so far.</param>
    public void Observe(long now, long waited, long slices)
    {
        long wait = waited - _waited;
        long count = slices - _slices;
        (_waited, _slices) = (waited, slices);
        if (!IsBatch)
        {
            // The other programs may have gone; if not, the next look asks for a longer pause.
            IsBatch = now >= _until;
            return;
        }
        if (count < LeastSlices)
            return;
        if (wait / count < LongWait)
        {
            if (now - _until > LongestPause)
                _pause = FirstPause;
            return;
        }
        IsBatch = false;
        _until = now + _pause;
        _pause = Math.Min(_pause * 2, LongestPause);
    }
}
