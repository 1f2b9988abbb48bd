namespace OneServe.Master.States;

/// <summary>The life of a worker's seat: one number, one stretch of scoreboard lines, one process at a time.</summary>
/// <remarks>
/// Idle and busy are not the master's business: the gateway and the kernel's queue see to them. A worker ends its life by itself, after the
/// end of its queue: it asks, and is told to join the next epoch or to exit. Only a deadline kills.
/// </remarks>
internal enum WorkerState
{
    /// <summary>No process; one is due when the throttle and the prototype allow.</summary>
    Parked,

    /// <summary>The prototype has been asked for a process; its pid is not known yet.</summary>
    Forking,

    /// <summary>The process runs and prepares itself.</summary>
    Starting,

    /// <summary>It takes requests.</summary>
    Ready,

    /// <summary>Its queue has ended with the gateway, and there is no new one yet.</summary>
    Asking,

    /// <summary>It finishes what it has and goes.</summary>
    Leaving,

    /// <summary>No process, and none to come.</summary>
    Gone,
}

internal enum WorkerEvent
{
    /// <summary>The throttle allows a process, and the prototype is ready.</summary>
    ForkDue,

    /// <summary>The prototype reported the pid.</summary>
    PidKnown,

    /// <summary>Nobody holds the other end of its control socket and its pid never became known: the fork did not happen.</summary>
    Lost,

    /// <summary>The worker said `ready`.</summary>
    BecameReady,

    /// <summary>The worker said `failed` (an application that is imported in each worker).</summary>
    Failed,

    /// <summary>`eof` of an epoch that has been followed by a new one.</summary>
    EndOfOldQueue,

    /// <summary>`eof` of the newest epoch: the gateway has died, or will be found dead.</summary>
    EndOfNewestQueue,

    /// <summary>A new epoch's queue and links are there.</summary>
    NewEpoch,

    /// <summary>The worker said `bye`.</summary>
    Bye,

    /// <summary>Its generation no longer needs it.</summary>
    Dismissed,

    /// <summary>Its successor is ready, or it is not to take another request for a reason of its own.</summary>
    Relieved,

    /// <summary>It has had its time to leave.</summary>
    DeadlinePassed,

    /// <summary>waitpid(2) returned its pid, and its seat is to be filled again.</summary>
    DiedWanted,

    /// <summary>waitpid(2) returned its pid, and its seat stays empty.</summary>
    DiedUnwanted,
}

internal enum WorkerAction
{
    None,

    /// <summary>Announce the slots to the gateway, ask the prototype for a process.</summary>
    Fork,

    /// <summary>Tell the generation.</summary>
    ReportReady,

    /// <summary>Tell the generation.</summary>
    ReportFailure,

    /// <summary>Send `join` with the new epoch's queue and links.</summary>
    Join,

    /// <summary>Send `exit`; the worker reads it when it asks.</summary>
    SendExit,

    /// <summary>Set its flags, and wake its slots until it has gone; `exit` waits for it should it ask.</summary>
    AskToLeave,

    /// <summary>SIGKILL.</summary>
    Kill,

    /// <summary>Tell the gateway which requests died, park the seat, ask the throttle for the next process.</summary>
    BuryAndRefill,

    /// <summary>Tell the gateway which requests died, give the lines back.</summary>
    Bury,
}

/// <summary>Worker states × events.</summary>
internal static class WorkerStates
{
    public static readonly StateTable<WorkerState, WorkerEvent, WorkerAction> Table = new(
        new(WorkerState.Parked, WorkerEvent.ForkDue, WorkerState.Forking, WorkerAction.Fork),
        new(WorkerState.Parked, WorkerEvent.Dismissed, WorkerState.Gone, WorkerAction.Bury),

        new(WorkerState.Forking, WorkerEvent.PidKnown, WorkerState.Starting, WorkerAction.None),
        // The worker's own words may overtake the report of its pid, which comes through another process.
        new(WorkerState.Forking, WorkerEvent.BecameReady, WorkerState.Ready, WorkerAction.ReportReady),
        new(WorkerState.Forking, WorkerEvent.Failed, WorkerState.Leaving, WorkerAction.ReportFailure),
        new(WorkerState.Forking, WorkerEvent.Lost, WorkerState.Parked, WorkerAction.BuryAndRefill),
        new(WorkerState.Forking, WorkerEvent.Dismissed, WorkerState.Leaving, WorkerAction.SendExit),

        new(WorkerState.Starting, WorkerEvent.BecameReady, WorkerState.Ready, WorkerAction.ReportReady),
        new(WorkerState.Starting, WorkerEvent.Failed, WorkerState.Leaving, WorkerAction.ReportFailure),
        new(WorkerState.Starting, WorkerEvent.Dismissed, WorkerState.Leaving, WorkerAction.SendExit),
        new(WorkerState.Starting, WorkerEvent.DiedWanted, WorkerState.Parked, WorkerAction.BuryAndRefill),
        new(WorkerState.Starting, WorkerEvent.DiedUnwanted, WorkerState.Gone, WorkerAction.Bury),

        new(WorkerState.Ready, WorkerEvent.EndOfOldQueue, WorkerState.Ready, WorkerAction.Join),
        new(WorkerState.Ready, WorkerEvent.EndOfNewestQueue, WorkerState.Asking, WorkerAction.None),
        new(WorkerState.Ready, WorkerEvent.Bye, WorkerState.Leaving, WorkerAction.None),
        new(WorkerState.Ready, WorkerEvent.Dismissed, WorkerState.Leaving, WorkerAction.SendExit),
        new(WorkerState.Ready, WorkerEvent.Relieved, WorkerState.Leaving, WorkerAction.AskToLeave),
        new(WorkerState.Ready, WorkerEvent.Lost, WorkerState.Parked, WorkerAction.BuryAndRefill),
        new(WorkerState.Ready, WorkerEvent.DiedWanted, WorkerState.Parked, WorkerAction.BuryAndRefill),
        new(WorkerState.Ready, WorkerEvent.DiedUnwanted, WorkerState.Gone, WorkerAction.Bury),

        new(WorkerState.Asking, WorkerEvent.NewEpoch, WorkerState.Ready, WorkerAction.Join),
        new(WorkerState.Asking, WorkerEvent.Dismissed, WorkerState.Leaving, WorkerAction.SendExit),
        new(WorkerState.Asking, WorkerEvent.Relieved, WorkerState.Leaving, WorkerAction.AskToLeave),
        new(WorkerState.Asking, WorkerEvent.Lost, WorkerState.Parked, WorkerAction.BuryAndRefill),
        new(WorkerState.Asking, WorkerEvent.DiedWanted, WorkerState.Parked, WorkerAction.BuryAndRefill),
        new(WorkerState.Asking, WorkerEvent.DiedUnwanted, WorkerState.Gone, WorkerAction.Bury),

        // A pid that becomes known now is noted, so that the deadline finds it; the state stays.
        new(WorkerState.Leaving, WorkerEvent.Lost, WorkerState.Gone, WorkerAction.Bury),
        new(WorkerState.Leaving, WorkerEvent.DeadlinePassed, WorkerState.Leaving, WorkerAction.Kill),
        new(WorkerState.Leaving, WorkerEvent.DiedWanted, WorkerState.Parked, WorkerAction.BuryAndRefill),
        new(WorkerState.Leaving, WorkerEvent.DiedUnwanted, WorkerState.Gone, WorkerAction.Bury));
}
