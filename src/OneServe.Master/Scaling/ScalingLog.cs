using OneServe.Master.Loop;
using Serilog;

namespace OneServe.Master.Scaling;

/// <summary>Who came and went, and why: one line a second at most.</summary>
internal sealed class ScalingLog(ILogger log, TimerQueue timers)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RefusalInterval = TimeSpan.FromMinutes(1);

    private int? _from;
    private int _to;
    private string _why = "";
    private bool _rests;
    private bool _refusalRests;

    /// <summary>The number has changed, or what will make it change has been done.</summary>
    public void Changed(int from, int to, string why)
    {
        if (_from is null)
            (_from, _why) = (from, why);
        _to = to;
        if (!_rests)
            Write();
    }

    /// <summary>It could not grow.</summary>
    public void Refused(string why)
    {
        if (_refusalRests)
            return;
        _refusalRests = true;
        timers.After(RefusalInterval, () => _refusalRests = false);
        log.Warning("No more workers: {Reason}", why);
    }

    private void Write()
    {
        _rests = false;
        if (_from is not { } from)
            return;
        _from = null;
        if (from == _to)
            return;
        log.Information("Workers: {From} -> {To} ({Why})", from, _to, _why);
        _rests = true;
        timers.After(Interval, Write);
    }
}
