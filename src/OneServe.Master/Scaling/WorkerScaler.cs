using OneServe.Configuration;
using OneServe.Master.Loop;
using Serilog;

namespace OneServe.Master.Scaling;

/// <summary>Keeps the number of a pool's workers to its load: asks the algorithm, sees to bounds and memory, puts an idle pool to sleep.</summary>
/// <param name="options">The most workers among them.</param>
/// <param name="pool">The workers.</param>
/// <param name="timers">Of the master's loop.</param>
/// <param name="clock">Of the server.</param>
/// <param name="log">For who came and went.</param>
internal sealed class WorkerScaler(ServerOptions options, IScaledPool pool, TimerQueue timers, TimeProvider clock, ILogger log)
{
    /// <summary>Between two looks while there is load.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.1);

    /// <summary>Between two looks otherwise, and at memory.</summary>
    private static readonly TimeSpan SlowInterval = TimeSpan.FromSeconds(1);

    private readonly ScalingOptions _scaling = options.Scaling;
    private readonly IScalingAlgorithm _algorithm = ScalingAlgorithms.Create(options.Scaling, options.Processes);
    private readonly IdleWatch _idle = new(options.Scaling);
    private readonly ScalingLog _log = new(log, timers);
    private LoadReport _report;
    private LoadReport _measured;
    private IDisposable? _timer;
    private TimeSpan _due;
    private TimeSpan _looked;
    private TimeSpan _weighed;
    private long _resident;
    private bool _isAsleep;

    private TimeSpan Now => clock.GetElapsedTime(0);

    /// <summary>The pool is in use, or again so.</summary>
    public void Start()
    {
        _idle.Start(Now);
        _isAsleep |= pool.Count.All == 0;
        LookAfter(Interval);
    }

    /// <summary>The gateway tells of its load.</summary>
    public void Report(LoadReport report)
    {
        _report = report;
        if (pool.IsInUse)
            LookAfter(_looked + Interval - Now);
    }

    /// <summary>The gateway has gone: what it told is no longer so.</summary>
    public void Forget() => _report = _measured = default;

    /// <summary>Memory does not allow for another worker now: the reason; else null.</summary>
    public string? WhyNotGrow()
    {
        Weigh(Now);
        return _scaling.ResidentToStay > 0 && _resident >= _scaling.ResidentToStay
            ? $"all together have {_resident >> 20} MiB of resident memory (cheaper-rss-limit-soft)"
            : null;
    }

    private void LookAfter(TimeSpan delay)
    {
        var due = Now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero);
        if (_timer is not null && _due <= due)
            return;
        _timer?.Dispose();
        _due = due;
        _timer = timers.After(due - Now, Look);
    }

    private void Look()
    {
        _timer = null;
        _looked = Now;
        if (!pool.IsInUse)
            return;
        if (_report.Requests > 0 && _isAsleep)
            Wake();
        else if (_idle.Look(_looked, _report, pool.Answered) && (!_isAsleep || _scaling.EndsWhenIdle))
            Sleep();
        if (_isAsleep)
            Leave();
        else if (_scaling.IsOn)
            Scale();
        if (NextLook() is { } next)
            LookAfter(next);
    }

    /// <summary>Null: nothing can be decided before the gateway tells of another load.</summary>
    private TimeSpan? NextLook()
    {
        var count = pool.Count;
        if (_report.Requests > 0 || count.Coming > 0)
            return Interval;
        bool canRest = _isAsleep ? count.All == 0 && !_scaling.EndsWhenIdle : _scaling.Idle == TimeSpan.Zero && (!_scaling.IsOn || IsAtRest(count));
        return canRest ? null : SlowInterval;
    }

    private bool IsAtRest(PoolCount count)
        => count.All == _scaling.Least && _scaling is { ResidentToStay: 0, Algorithm: not ScalingAlgorithm.Busyness };

    private void Sleep()
    {
        if (_scaling.EndsWhenIdle)
        {
            pool.EndIdle(_scaling.Idle);
            return;
        }
        _isAsleep = true;
        log.Information("No request for {Seconds} s: the workers end, the next request brings them back (idle)", _scaling.Idle.TotalSeconds);
    }

    /// <summary>Those that are just being started go when they are ready.</summary>
    private void Leave()
    {
        while (!pool.IsBeingReplaced && pool.RemoveFree())
        {
        }
    }

    private void Wake()
    {
        _isAsleep = false;
        _idle.Start(_looked);
        Grow(options.WakingProcesses - pool.Count.All, "a request has come");
    }

    private void Scale()
    {
        var count = pool.Count;
        var decision = _algorithm.Decide(LoadOf(count));
        if (decision.Change == 0 && decision.Why.Length > 0)
            log.Information("Workers: {Figures}", decision.Why);
        if (Weigh(_looked) && _scaling.ResidentToShrink > 0 && _resident >= _scaling.ResidentToShrink && count.All > 1)
            Shrink(count, $"all together have {_resident >> 20} MiB of resident memory (cheaper-rss-limit-hard)");
        else if (count.All < _scaling.Least)
            GrowIfRoom(count, new ScalingDecision(_scaling.Least - count.All, "`cheaper` is the fewest"));
        else if (count.All > _scaling.Least && CanSpareResting(count))
            Shrink(count, "one does not come up, and is not needed");
        else if (decision.Change > 0)
            GrowIfRoom(count, decision);
        else if (decision.Change < 0 && count.All > _scaling.Least)
            Shrink(count, decision.Why);
    }

    /// <summary>It was added for a load that has gone, or that the others bear. What a command has added stays.</summary>
    private bool CanSpareResting(PoolCount count)
        => count.Resting > 0 && _report.Requests <= count.Serving * pool.SlotsPerWorker && _scaling.Algorithm != ScalingAlgorithm.Manual;

    /// <summary>A worker that died and rests would only get company in its crash loop.</summary>
    private void GrowIfRoom(PoolCount count, ScalingDecision decision)
    {
        if (count.Resting > 0 || count.All >= options.Processes)
            return;
        if (WhyNotGrow() is { } reason)
            _log.Refused(reason);
        else
            Grow(Math.Min(decision.Change, options.Processes - count.All), decision.Why);
    }

    private void Grow(int workers, string why)
    {
        int before = pool.Count.All;
        for (int i = 0; i < workers; i++)
        {
            if (pool.Add() is { } refusal)
            {
                _log.Refused(refusal);
                break;
            }
        }
        _log.Changed(before, pool.Count.All, why);
    }

    private void Shrink(PoolCount count, string why)
    {
        if (!pool.IsBeingReplaced && pool.RemoveFree())
            _log.Changed(count.All, pool.Count.All, why);
    }

    private PoolLoad LoadOf(PoolCount count)
    {
        int slots = count.Serving * pool.SlotsPerWorker;
        long time = _report.Milliseconds - _measured.Milliseconds;
        long busy = _report.BusyMilliseconds - _measured.BusyMilliseconds;
        bool isMeasured = _measured.Milliseconds > 0 && time > 0 && busy >= 0;
        _measured = _report;
        return new PoolLoad
        {
            Now = _looked,
            Serving = count.Serving,
            Coming = count.Coming,
            SlotsPerWorker = pool.SlotsPerWorker,
            Requests = _report.Requests,
            MeanBusy = Math.Min(slots, isMeasured ? (double)busy / time : _report.Requests),
        };
    }

    /// <summary>True: it is time to look at memory.</summary>
    private bool Weigh(TimeSpan now)
    {
        if (_scaling.ResidentToStay == 0 || (_weighed > TimeSpan.Zero && now - _weighed < SlowInterval))
            return false;
        _weighed = now;
        _resident = pool.Resident;
        return true;
    }
}
