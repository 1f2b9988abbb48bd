using OneServe.Master.Loop;

namespace OneServe.Master.ApplicationSignals;

/// <summary>Something that happens again and again, at whole intervals from its start on. Disposing ends it.</summary>
internal sealed class RepeatingTimer : IDisposable
{
    private readonly TimerQueue _timers;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _interval;
    private readonly Action _act;
    private readonly Action _ended;
    private readonly long _start;
    private long _done;
    private int _left;
    private IDisposable? _next;

    /// <param name="timers">Where it waits.</param>
    /// <param name="clock">The clock of <paramref name="timers"/>.</param>
    /// <param name="interval">The time between two times.</param>
    /// <param name="count">How often; 0: for ever.</param>
    /// <param name="act">What happens.</param>
    /// <param name="ended">Called after the last time.</param>
    public RepeatingTimer(TimerQueue timers, TimeProvider clock, TimeSpan interval, int count, Action act, Action ended)
    {
        (_timers, _clock, _interval, _left, _act, _ended) = (timers, clock, interval, count, act, ended);
        _start = clock.GetTimestamp();
        Wait();
    }

    public void Dispose() => _next?.Dispose();

    private void Wait()
    {
        // After a long pause once is enough: what was missed is not made up for.
        var passed = _clock.GetElapsedTime(_start);
        _done = Math.Max(_done + 1, passed.Ticks / _interval.Ticks);
        var delay = (_interval * _done) - passed;
        _next = _timers.After(delay > TimeSpan.Zero ? delay : TimeSpan.Zero, Due);
    }

    private void Due()
    {
        if (_left == 1)
            _ended();
        else
            Wait();
        _left -= _left > 0 ? 1 : 0;
        _act();
    }
}
