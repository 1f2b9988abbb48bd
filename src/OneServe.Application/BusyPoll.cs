using System.Diagnostics;

namespace OneServe.Application;

/// <summary>
/// Decides whether the loop looks again instead of going to sleep: for some microseconds after something has happened whose continuation is
/// likely near. A halted CPU of a virtual machine takes 20 µs to wake; with one connection that is half of a request's time.
/// </summary>
/// <remarks>
/// Polling in vain takes the CPU from whoever could use it, perhaps from the very worker that is waited for. So each vain attempt doubles the
/// number of occasions that are let pass before the next one, up to 1,024; the first success forgets it all. Where another process keeps the CPU
/// busy, it ends up as good as off.
/// </remarks>
/// <param name="limit">How long to poll at most; zero: never.</param>
internal sealed class BusyPoll(TimeSpan limit)
{
    private const int MostFailures = 10;

    private readonly long _limit = (long)(limit.TotalSeconds * Stopwatch.Frequency);
    private long _end;
    private int _failures;
    private int _toSkip;
    private bool _armed;

    /// <summary>Something has happened that is often followed by what is waited for.</summary>
    public void Arm() => _armed = _limit > 0;

    /// <summary>What is waited for has come.</summary>
    public void Succeeded()
    {
        if (_end != 0)
            _failures = 0;
        _end = 0;
        _armed = false;
    }

    /// <summary>True: poll once more; false: sleep.</summary>
    /// <param name="now">Now, in ticks of <see cref="Stopwatch"/>.</param>
    public bool ShouldPoll(long now)
    {
        if (_armed)
        {
            _armed = false;
            if (_toSkip > 0)
                _toSkip--;
            else
                _end = now + _limit;
        }
        if (_end == 0)
            return false;
        if (now < _end)
            return true;
        _end = 0;
        _toSkip = 1 << _failures;
        _failures = Math.Min(_failures + 1, MostFailures);
        return false;
    }
}
