using System.Globalization;
using OneServe.Application;
using OneServe.Configuration;
using OneServe.Transport;

namespace OneServe.Gateway;

/// <summary>
/// Tells the master how many requests the application has to do, where the number of workers follows them: when it has changed, and at most ten times a
/// second. First loop only.
/// </summary>
/// <param name="loop">The first.</param>
/// <param name="dispatcher">Where the application's requests of all loops are.</param>
/// <param name="loops">All.</param>
/// <param name="counts">What they have answered.</param>
internal sealed class LoadMeter(EventLoop loop, Dispatcher dispatcher, IReadOnlyList<GatewayServices> loops, RequestCounts counts) : ILoopParticipant
{
    /// <summary>Between two messages, ms.</summary>
    private const int Interval = 100;

    private Action<string>? _tell;
    private ScalingOptions _scaling = new();
    private int _generation;
    private long _now;
    private long _next;
    private int _busy;
    private long _busyTime;
    private Figures _told;

    /// <summary>This generation is served from now on.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="scaling">Whether its workers follow the load.</param>
    /// <param name="tell">Sends the master a message.</param>
    public void Measure(int generation, ScalingOptions scaling, Action<string> tell)
    {
        (_generation, _scaling) = (generation, scaling);
        // The master keeps figures by generation.
        _told = new Figures(-1, 0, 0, 0);
        if (_tell is not null || !scaling.WantsLoad)
            return;
        _tell = tell;
        loop.Attach(this);
    }

    int ILoopParticipant.SleepLimit => _scaling.WantsLoad && Present != _told ? (int)Math.Max(1, _next - loop.Now) : -1;

    /// <summary>Files that other loops serve pass this one by.</summary>
    bool ILoopParticipant.WantsSeconds => _scaling.EndsWhenIdle && loops.Count > 1;

    private Figures Present => new(dispatcher.Requests, _busyTime, counts.All, Open);

    private int Open
    {
        get
        {
            int open = 0;
            foreach (var services in loops)
                open += services.OpenRequests;
            return open;
        }
    }

    bool ILoopParticipant.BeforeSleep() => false;

    void ILoopParticipant.AfterWake()
    {
    }

    /// <summary>Between two turns nothing changes that this loop knows of: what is busy now is so until the next turn's time.</summary>
    void ILoopParticipant.EndOfTurn()
    {
        if (!_scaling.WantsLoad)
            return;
        long now = loop.Now;
        if (now != _now)
        {
            _busyTime += _busy * (now - _now);
            _now = now;
            if (now >= _next && Present != _told)
                Tell();
        }
        _busy = Math.Min(dispatcher.Requests, dispatcher.Slots);
    }

    void ILoopParticipant.OnSecond()
    {
    }

    private void Tell()
    {
        _told = Present;
        _next = _now + Interval;
        _tell!(string.Create(
            CultureInfo.InvariantCulture, $"load {_generation} {_told.Requests} {_now} {_told.BusyTime} {_told.Seen} {_told.Open}"));
    }

    private readonly record struct Figures(int Requests, long BusyTime, long Seen, int Open);
}
