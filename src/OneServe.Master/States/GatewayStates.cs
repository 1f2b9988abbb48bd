namespace OneServe.Master.States;

/// <summary>The lives of the gateway; each is an epoch.</summary>
internal enum GatewayState
{
    /// <summary>No process; one is due when the throttle allows.</summary>
    Waiting,

    /// <summary>The process runs; it has not said `up`.</summary>
    Starting,

    /// <summary>It takes connections.</summary>
    Up,

    /// <summary>It takes no new connections and finishes those it has.</summary>
    Draining,

    /// <summary>No process, and none to come.</summary>
    Gone,
}

internal enum GatewayEvent
{
    /// <summary>The throttle allows a process.</summary>
    StartDue,

    BecameUp,

    /// <summary>waitpid(2) returned its pid.</summary>
    Died,

    /// <summary>The server ends.</summary>
    Stop,

    /// <summary>The time for draining is over.</summary>
    DeadlinePassed,
}

internal enum GatewayAction
{
    None,

    /// <summary>Start a process: the new epoch's queues and links go to it.</summary>
    Start,

    /// <summary>Tell the master.</summary>
    ReportUp,

    /// <summary>Void the epoch's packets, ask the throttle for the next process.</summary>
    BeginEpoch,

    /// <summary>The first life ended before it was up, or another one: the master decides.</summary>
    ReportFailure,

    /// <summary>Send `drain`.</summary>
    Drain,

    /// <summary>SIGKILL.</summary>
    Kill,

    /// <summary>Tell the master that it has gone for good.</summary>
    ReportGone,
}

/// <summary>Gateway states × events.</summary>
internal static class GatewayStates
{
    public static readonly StateTable<GatewayState, GatewayEvent, GatewayAction> Table = new(
        new(GatewayState.Waiting, GatewayEvent.StartDue, GatewayState.Starting, GatewayAction.Start),
        new(GatewayState.Waiting, GatewayEvent.Stop, GatewayState.Gone, GatewayAction.ReportGone),

        new(GatewayState.Starting, GatewayEvent.BecameUp, GatewayState.Up, GatewayAction.ReportUp),
        new(GatewayState.Starting, GatewayEvent.Died, GatewayState.Waiting, GatewayAction.ReportFailure),
        new(GatewayState.Starting, GatewayEvent.Stop, GatewayState.Draining, GatewayAction.Drain),

        new(GatewayState.Up, GatewayEvent.Died, GatewayState.Waiting, GatewayAction.BeginEpoch),
        new(GatewayState.Up, GatewayEvent.Stop, GatewayState.Draining, GatewayAction.Drain),

        new(GatewayState.Draining, GatewayEvent.Died, GatewayState.Gone, GatewayAction.ReportGone),
        new(GatewayState.Draining, GatewayEvent.DeadlinePassed, GatewayState.Draining, GatewayAction.Kill));
}
