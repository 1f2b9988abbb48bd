using OneServe.Transport;

namespace OneServe.Gateway;

/// <summary>Has the site drop the files that nobody asks for any more, also when no request comes.</summary>
internal sealed class SiteKeeper(GatewayServices services) : ILoopParticipant
{
    /// <summary>Between two looks, ms.</summary>
    public const int Interval = 10_000;

    private long _next;

    int ILoopParticipant.SleepLimit => -1;

    bool ILoopParticipant.WantsSeconds => services.Site.HasToTrim;

    bool ILoopParticipant.BeforeSleep() => false;

    void ILoopParticipant.AfterWake()
    {
    }

    void ILoopParticipant.EndOfTurn()
    {
    }

    void ILoopParticipant.OnSecond()
    {
        if (services.Now() < _next)
            return;
        _next = services.Now() + Interval;
        services.Site.Trim(services.Now());
    }
}
