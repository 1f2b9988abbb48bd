using OneServe.Master.Loop;

namespace OneServe.Master;

/// <summary>
/// Asks the gateway again and again whether its loops turn, and gives it up when it does not say so: a gateway that hangs or has been stopped is a site
/// that is down, and only its death brings the next one.
/// </summary>
/// <param name="timers">The master's.</param>
/// <param name="ask">Sends the question.</param>
/// <param name="giveUp">It has not answered for <see cref="Patience"/>.</param>
internal sealed class GatewayPulse(TimerQueue timers, Action ask, Action giveUp)
{
    private const int MostUnanswered = 5;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private IDisposable? _timer;
    private int _unanswered;

    /// <summary>Long beside whatever a loop waits for on a busy machine.</summary>
    public static TimeSpan Patience => Interval * MostUnanswered;

    /// <summary>A gateway takes connections.</summary>
    public void Begin()
    {
        End();
        _timer = timers.After(Interval, Ask);
    }

    public void Answered() => _unanswered = 0;

    /// <summary>It has died, or is to.</summary>
    public void End()
    {
        _timer?.Dispose();
        _timer = null;
        _unanswered = 0;
    }

    private void Ask()
    {
        // Questions are counted, not time: when the master itself has been stopped, nobody has failed to answer.
        if (_unanswered == MostUnanswered)
        {
            End();
            giveUp();
            return;
        }
        _unanswered++;
        ask();
        _timer = timers.After(Interval, Ask);
    }
}
