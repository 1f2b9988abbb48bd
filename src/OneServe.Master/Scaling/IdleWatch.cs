using OneServe.Configuration;

namespace OneServe.Master.Scaling;

/// <summary>`idle`: how long nothing has been asked.</summary>
/// <remarks>Files need no worker, so they do not keep workers; they do keep a server that ends when it is idle.</remarks>
internal sealed class IdleWatch(ScalingOptions options)
{
    private TimeSpan _since;
    private ulong _answered;
    private long _seen;

    /// <summary>Begins anew.</summary>
    public void Start(TimeSpan now) => _since = now;

    /// <summary>True: it has been for long enough.</summary>
    /// <param name="now">Since any fixed moment.</param>
    /// <param name="report">The newest.</param>
    /// <param name="answered">By the workers, ever.</param>
    public bool Look(TimeSpan now, in LoadReport report, ulong answered)
    {
        bool isAsked = report.Requests > 0 || answered != _answered;
        if (options.EndsWhenIdle)
            isAsked |= report.Open > 0 || report.Seen != _seen;
        (_answered, _seen) = (answered, report.Seen);
        if (isAsked)
            _since = now;
        return options.Idle > TimeSpan.Zero && now - _since >= options.Idle;
    }
}
