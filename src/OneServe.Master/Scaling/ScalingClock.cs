namespace OneServe.Master.Scaling;

/// <summary>The time between two looks at a pool.</summary>
internal struct ScalingClock
{
    /// <summary>Nobody has looked for longer: the pool was asleep, paused, or at rest. What happened meanwhile is not known.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private TimeSpan? _last;

    /// <summary>How long the state that is seen now has been so.</summary>
    public TimeSpan Step(TimeSpan now)
    {
        var step = _last is { } last ? now - last : TimeSpan.Zero;
        _last = now;
        return step < Longest ? step : Longest;
    }
}
