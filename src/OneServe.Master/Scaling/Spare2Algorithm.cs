using OneServe.Configuration;

namespace OneServe.Master.Scaling;

/// <summary>`spare2`: keeps `cheaper` workers free; grows at once and shrinks slowly.</summary>
internal sealed class Spare2Algorithm(ScalingOptions options) : IScalingAlgorithm
{
    private ScalingClock _clock;
    private TimeSpan _calm;

    public ScalingDecision Decide(in PoolLoad load)
    {
        var step = _clock.Step(load.Now);
        int free = load.Free + load.Coming;
        _calm = free > options.Least ? _calm + step : TimeSpan.Zero;
        if (free < options.Least)
            return new ScalingDecision(Math.Min(options.Least - free, options.Step), $"{free} of {options.Least} are free");
        if (_calm < options.Calm)
            return ScalingDecision.Stay;
        _calm = TimeSpan.Zero;
        return new ScalingDecision(-1, $"{free} were free for {options.Calm.TotalSeconds} s");
    }
}
