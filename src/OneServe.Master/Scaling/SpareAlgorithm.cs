using OneServe.Configuration;

namespace OneServe.Master.Scaling;

/// <summary>`spare`: keeps one worker free.</summary>
/// <remarks>
/// uWSGI sees only whether all workers are busy, and waits for `cheaper-overload` seconds of it. The gateway knows whether somebody waits: when
/// `cheaper-overload` is not set, that is acted upon at once.
/// </remarks>
internal sealed class SpareAlgorithm(ScalingOptions options) : IScalingAlgorithm
{
    /// <summary>A queue that has been there for so long is no accident.</summary>
    public static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(0.1);

    /// <summary>Where more than one worker is free, one of them is too many.</summary>
    private const int Superfluous = 2;

    private readonly TimeSpan _overload = TimeSpan.FromSeconds(options.OverloadOrDefault);
    private readonly TimeSpan _calm = TimeSpan.FromSeconds(Math.Max(1, options.OverloadOrDefault));
    private ScalingClock _clock;
    private TimeSpan _full;
    private TimeSpan _waited;
    private TimeSpan _free;

    public ScalingDecision Decide(in PoolLoad load)
    {
        var step = _clock.Step(load.Now);
        _waited = load.Unserved > 0 ? _waited + step : TimeSpan.Zero;
        if (load.IsFull)
            (_full, _free) = (_full + step, TimeSpan.Zero);
        else
            _full = _full > step ? _full - step : TimeSpan.Zero;

        if (options.Overload is null && _waited >= ShortestWait)
            return Grow(load.WaitingText);
        if (_full > _overload && load.Coming == 0)
            return Grow($"all have been busy for {_overload.TotalSeconds} s");
        if (_full > TimeSpan.Zero || load.Free < Superfluous)
            return ScalingDecision.Stay;
        _free += step;
        if (_free < _calm)
            return ScalingDecision.Stay;
        _free = TimeSpan.Zero;
        return new ScalingDecision(-1, $"{load.Free} were free");
    }

    private ScalingDecision Grow(string why)
    {
        _full = _waited = TimeSpan.Zero;
        return new ScalingDecision(options.Step, why);
    }
}
