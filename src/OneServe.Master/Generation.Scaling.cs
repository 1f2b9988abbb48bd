using OneServe.Master.Scaling;
using OneServe.Master.States;

namespace OneServe.Master;

/// <content>How many workers it has: by its load, or by command.</content>
internal sealed partial class Generation : IScaledPool
{
    private readonly WorkerScaler? _scaler;

    bool IScaledPool.IsInUse => IsCurrent && IsActive && !_owner.IsPaused;

    bool IScaledPool.IsBeingReplaced => _chainEnded is not null;

    int IScaledPool.SlotsPerWorker => Options.RequestsPerProcess;

    ulong IScaledPool.Answered => RequestsAnswered;

    long IScaledPool.Resident => _workers.Sum(static worker => MemoryWatch.ResidentOf(worker.Pid));

    PoolCount IScaledPool.Count => Count;

    private PoolCount Count
    {
        get
        {
            int serving = _workers.Count(static worker => worker is { IsCounted: true, State: WorkerState.Ready });
            int all = _workers.Count(static worker => worker.IsCounted);
            return new PoolCount(serving, all - serving, _workers.Count(static worker => worker is { IsCounted: true, IsResting: true }));
        }
    }

    /// <summary>The workers that the generation after it begins with, so that a reload under load does not begin with too few.</summary>
    public int ScaledTo => _scaler is null ? 0 : Count.All;

    /// <summary>The gateway tells of its load.</summary>
    public void LoadReported(LoadReport report) => _scaler?.Report(report);

    /// <summary>The number of workers is looked after from now on.</summary>
    public void StartScaling() => _scaler?.Start();

    string? IScaledPool.Add() => AddWorker();

    bool IScaledPool.RemoveFree()
    {
        var free = _workers.Where(static worker => worker is { IsCounted: true, IsFree: true } or { IsCounted: true, IsResting: true })
            .OrderBy(static worker => worker.IsResting).ThenBy(static worker => worker.Number).LastOrDefault();
        free?.Remove();
        return free is not null;
    }

    void IScaledPool.EndIdle(TimeSpan idle) => _owner.GenerationIsIdle(idle);

    /// <summary>By command. Null, or the reason why not.</summary>
    public string? GrowByOne()
        => Options.Scaling.IsOn && Count.All >= Options.Processes ? $"`processes` = {Options.Processes} is the most" : _scaler?.WhyNotGrow() ?? AddWorker();

    /// <summary>By command: a free one, if there is one. Null, or the reason why not.</summary>
    public string? ShrinkByOne()
    {
        if (!Options.Scaling.IsOn)
            return RemoveWorker();
        if (Count.All <= Options.Scaling.Least)
            return $"`cheaper` = {Options.Scaling.Least} is the fewest";
        return ((IScaledPool)this).RemoveFree() ? null : RemoveWorker();
    }
}
