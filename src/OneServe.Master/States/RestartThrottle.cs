namespace OneServe.Master.States;

/// <summary>
/// When a process that has died may be started again: the first time at once, then after 0.1 s, doubling to 5 s, so that a crash loop never
/// spins. A process that has lived for a while ends the series.
/// </summary>
/// <param name="clock">Of the server.</param>
/// <param name="stable">How long is a while; 10 s when nothing is said.</param>
internal sealed class RestartThrottle(TimeProvider clock, TimeSpan? stable = null)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Stable = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _stable = stable ?? Stable;
    private long _started = clock.GetTimestamp();
    private TimeSpan _next = TimeSpan.Zero;

    /// <summary>A process has been started.</summary>
    public void Started() => _started = clock.GetTimestamp();

    /// <summary>It has died: how long to wait before the next one.</summary>
    public TimeSpan Died()
    {
        if (clock.GetElapsedTime(_started) >= _stable)
            _next = TimeSpan.Zero;
        var delay = _next;
        _next = delay == TimeSpan.Zero ? FirstDelay : delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        return delay;
    }
}
