using OneServe.Configuration;

namespace OneServe.Master.Scaling;

/// <summary>`backlog`: grows while more than `cheaper-overload` requests wait, shrinks while fewer do.</summary>
/// <remarks>uWSGI reads the kernel's queue of connections; here it is the gateway's queue of requests, on every kind of socket.</remarks>
internal sealed class BacklogAlgorithm(ScalingOptions options) : IScalingAlgorithm
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    private ScalingClock _clock;
    private TimeSpan _calm;

    public ScalingDecision Decide(in PoolLoad load)
    {
        var step = _clock.Step(load.Now);
        if (load.Unserved > options.OverloadOrDefault)
        {
            _calm = TimeSpan.Zero;
            return new ScalingDecision(options.Step, load.WaitingText);
        }
        // A worker that is at work is needed, whoever waits.
        _calm = load.Waiting < Math.Max(1, options.OverloadOrDefault) && load.Free > 0 ? _calm + step : TimeSpan.Zero;
        if (_calm < Round)
            return ScalingDecision.Stay;
        _calm = TimeSpan.Zero;
        return new ScalingDecision(-1, $"{load.Free} are free");
    }
}
