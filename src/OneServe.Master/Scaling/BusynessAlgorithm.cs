using OneServe.Configuration;

namespace OneServe.Master.Scaling;

/// <summary>`busyness`: keeps the share of time in which slots are at work, over rounds of `cheaper-overload` seconds, between two bounds.</summary>
/// <remarks>
/// Growing is a matter of one round, or of a queue (at once); shrinking takes a series of calm rounds. A worker that was ended and is missed within
/// such a series makes the next series longer, so that the number settles.
/// </remarks>
internal sealed class BusynessAlgorithm(ScalingOptions options, int most) : IScalingAlgorithm
{
    /// <summary>So many rounds between the bounds, one after the other, end a series of calm ones.</summary>
    private const int Tolerance = 3;

    private readonly BusynessOptions _limits = options.Busyness;
    private readonly TimeSpan _round = TimeSpan.FromSeconds(options.OverloadOrDefault);
    private ScalingClock _clock;
    private TimeSpan? _began;
    private TimeSpan _mayShrink;
    private TimeSpan? _shrunk;
    private TimeSpan _waited;
    private double _busy;
    private double _capacity;
    private int _rounds = options.Busyness.Rounds;
    private int _between;
    private int _added;
    private bool _isShrinking;

    public ScalingDecision Decide(in PoolLoad load)
    {
        var step = _clock.Step(load.Now);
        if (_began is null)
        {
            _began = load.Now;
            PutShrinkingOff(load.Now);
        }
        _waited = load.Unserved > 0 ? _waited + step : TimeSpan.Zero;
        _busy += load.MeanBusy * step.TotalSeconds;
        _capacity += load.Slots * step.TotalSeconds;
        if (load.Now - _began < _round)
            return LookAtQueue(load, ScalingDecision.Stay);

        int busyness = _capacity > 0 ? (int)Math.Min(100, 100 * _busy / _capacity) : 0;
        (_busy, _capacity, _began) = (0, 0, load.Now);
        var told = new ScalingDecision(0, _limits.IsVerbose ? $"{load.Serving}, busyness {busyness} % in the last {_round.TotalSeconds} s" : "");
        if (busyness > _limits.Most)
            return Grow(load, busyness, told);
        if (LookAtQueue(load, told) is { Change: > 0 } atOnce)
            return atOnce;
        return busyness < _limits.Least ? Shrink(load, busyness, told) : Stay(load, told);
    }

    private ScalingDecision Grow(in PoolLoad load, int busyness, ScalingDecision told)
    {
        _between = 0;
        if (load.Workers >= most)
            return told;
        _isShrinking = false;
        if (_shrunk is { } last && load.Now - last <= _rounds * _round)
            _rounds += _limits.Penalty;
        else
            Relax();
        PutShrinkingOff(load.Now);
        return new ScalingDecision(options.Step, $"busyness {busyness} %");
    }

    private ScalingDecision Shrink(in PoolLoad load, int busyness, ScalingDecision told)
    {
        _between = 0;
        if (load.Workers <= options.Least || load.Now < _mayShrink)
            return told;
        if (_isShrinking)
            Relax();
        _isShrinking = true;
        _shrunk = load.Now;
        PutShrinkingOff(load.Now);
        _added = Math.Max(0, _added - 1);
        return new ScalingDecision(-1, $"busyness {busyness} %");
    }

    /// <summary>Between the bounds: no calm round, but a single one does not undo the calm ones before it.</summary>
    private ScalingDecision Stay(in PoolLoad load, ScalingDecision told)
    {
        _added = Math.Max(0, _added - 1);
        if (++_between >= Tolerance)
            PutShrinkingOff(load.Now);
        else
            _mayShrink += _round;
        return told;
    }

    private ScalingDecision LookAtQueue(in PoolLoad load, ScalingDecision otherwise)
    {
        bool isLong = load.Unserved > _limits.Alert;
        if ((!isLong && _waited < _limits.AlertTime) || load.Workers >= most)
            return otherwise;
        string why = isLong ? load.WaitingText : $"requests have been waiting for {_limits.AlertTime.TotalSeconds} s";
        _waited = TimeSpan.Zero;
        _rounds = _limits.Rounds;
        _isShrinking = false;
        _added += Math.Min(_limits.AlertStep, most - load.Workers);
        PutShrinkingOff(load.Now);
        return new ScalingDecision(_limits.AlertStep, why);
    }

    private void PutShrinkingOff(TimeSpan now) => _mayShrink = now + ((_added > 0 ? _limits.AlertRounds : _rounds) * _round);

    private void Relax() => _rounds = Math.Max(_limits.Rounds, _rounds - 1);
}
