namespace OneServe.Master.States;

/// <summary>The life of the server as a whole.</summary>
internal enum MasterState
{
    /// <summary>Addresses are bound, requests wait, the first generation comes up.</summary>
    Starting,

    /// <summary>Requests are answered; what the start has left to do may still fail.</summary>
    Finishing,

    /// <summary>The start has succeeded.</summary>
    Serving,

    /// <summary>The gateway finishes its connections; the workers go on.</summary>
    Draining,

    /// <summary>The gateway has gone; the workers leave.</summary>
    Dismissing,

    /// <summary>Everything has been killed; the last exits are awaited.</summary>
    Killing,

    /// <summary>No process is left.</summary>
    Ended,
}

internal enum MasterEvent
{
    /// <summary>Gateway and first generation are ready.</summary>
    BecameReady,

    /// <summary>What was to be done when they are ready has been done.</summary>
    StartFinished,

    /// <summary>The first generation or the first gateway did not come up, or what comes behind them went wrong.</summary>
    StartFailed,

    /// <summary>TERM, INT or QUIT.</summary>
    StopSignal,

    /// <summary>HUP.</summary>
    ReloadSignal,

    /// <summary>The gateway has gone for good.</summary>
    GatewayGone,

    /// <summary>The stop has had its time.</summary>
    DeadlinePassed,

    /// <summary>The last process has gone.</summary>
    Emptied,
}

internal enum MasterAction
{
    None,

    /// <summary>Do what is to be done when gateway and workers are ready.</summary>
    FinishStart,

    /// <summary>Show the banner.</summary>
    Announce,

    /// <summary>Start a new generation beside the current one.</summary>
    Reload,

    /// <summary>Remember it: a start or a reload is under way.</summary>
    ReloadLater,

    /// <summary>Let the gateway finish.</summary>
    Drain,

    /// <summary>Let the workers leave.</summary>
    Dismiss,

    /// <summary>SIGKILL for all.</summary>
    KillAll,
}

/// <summary>Master states × events.</summary>
internal static class MasterStates
{
    public static readonly StateTable<MasterState, MasterEvent, MasterAction> Table = new(
        new(MasterState.Starting, MasterEvent.BecameReady, MasterState.Finishing, MasterAction.FinishStart),
        new(MasterState.Starting, MasterEvent.StartFailed, MasterState.Killing, MasterAction.KillAll),
        // Requests that wait now wait for an application that has never answered: there is nothing to finish.
        new(MasterState.Starting, MasterEvent.StopSignal, MasterState.Killing, MasterAction.KillAll),
        new(MasterState.Starting, MasterEvent.ReloadSignal, MasterState.Starting, MasterAction.ReloadLater),

        new(MasterState.Finishing, MasterEvent.StartFinished, MasterState.Serving, MasterAction.Announce),
        new(MasterState.Finishing, MasterEvent.StartFailed, MasterState.Killing, MasterAction.KillAll),
        new(MasterState.Finishing, MasterEvent.StopSignal, MasterState.Draining, MasterAction.Drain),
        new(MasterState.Finishing, MasterEvent.ReloadSignal, MasterState.Finishing, MasterAction.ReloadLater),

        new(MasterState.Serving, MasterEvent.ReloadSignal, MasterState.Serving, MasterAction.Reload),
        new(MasterState.Serving, MasterEvent.StopSignal, MasterState.Draining, MasterAction.Drain),

        new(MasterState.Draining, MasterEvent.GatewayGone, MasterState.Dismissing, MasterAction.Dismiss),
        new(MasterState.Draining, MasterEvent.StopSignal, MasterState.Killing, MasterAction.KillAll),
        new(MasterState.Draining, MasterEvent.DeadlinePassed, MasterState.Killing, MasterAction.KillAll),

        new(MasterState.Dismissing, MasterEvent.StopSignal, MasterState.Killing, MasterAction.KillAll),
        new(MasterState.Dismissing, MasterEvent.DeadlinePassed, MasterState.Killing, MasterAction.KillAll),
        new(MasterState.Dismissing, MasterEvent.Emptied, MasterState.Ended, MasterAction.None),

        new(MasterState.Killing, MasterEvent.DeadlinePassed, MasterState.Ended, MasterAction.None),
        new(MasterState.Killing, MasterEvent.Emptied, MasterState.Ended, MasterAction.None));
}
