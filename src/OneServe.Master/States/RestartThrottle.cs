namespace OneServe.Master.States;

/// <summary>
/// When a process that has died may be started again: the first time at once, then after 0.1 s, doubling to 5 s, so that a crash loop never
/// spins. A process that has lived for 10 s ends the series.
/// </summary>
internal sealed class RestartThrottle(TimeProvider clock)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Stable = TimeSpan.FromSeconds(10);

    private long _started = clock.GetTimestamp();
    private TimeSpan _next = TimeSpan.Zero;

    /// <summary>A process has been started.</summary>
    public void Started() => _started = clock.GetTimestamp();

    /// <summary>It has died: how long to wait before the next one.</summary>
    public TimeSpan Died()
    {
        if (clock.GetElapsedTime(_started) >= Stable)
            _next = TimeSpan.Zero;
        var delay = _next;
        _next = delay == TimeSpan.Zero ? FirstDelay : delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        return delay;
    }
}
