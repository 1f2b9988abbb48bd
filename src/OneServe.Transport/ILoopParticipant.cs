namespace OneServe.Transport;

/// <summary>Takes part in every turn of an <see cref="EventLoop"/>. All members are called on the loop's thread; an exception ends the process.</summary>
public interface ILoopParticipant
{
    /// <summary>The most milliseconds that the loop may sleep now; -1 for no limit.</summary>
    int SleepLimit { get; }

    /// <summary>True while something lives that <see cref="OnSecond"/> looks after; an idle loop then wakes once a second.</summary>
    bool WantsSeconds { get; }

    /// <summary>The loop is about to sleep; true: it must not, it polls and comes back.</summary>
    bool BeforeSleep();

    /// <summary>The loop has come back from epoll_wait, before any handler runs.</summary>
    void AfterWake();

    /// <summary>All handlers and posted actions of this turn have run.</summary>
    void EndOfTurn();

    /// <summary>About once a second, while <see cref="WantsSeconds"/>.</summary>
    void OnSecond();
}
