namespace OneServe.Master.States;

/// <summary>The life of a generation: one configuration with its prototype and its workers.</summary>
internal enum GenerationState
{
    /// <summary>The prototype imports the application.</summary>
    Importing,

    /// <summary>The workers have been asked for; not all are ready.</summary>
    Warming,

    /// <summary>New requests go to it (the first generation gets them from its beginning: they wait in its queue).</summary>
    Current,

    /// <summary>A newer one has taken over, or the server ends: its workers finish what they have.</summary>
    Retired,

    /// <summary>It did not come up.</summary>
    Abandoned,

    /// <summary>None of its processes is left.</summary>
    Gone,
}

internal enum GenerationEvent
{
    PrototypeReady,

    /// <summary>The prototype said `failed`, or ended before it was ready.</summary>
    PrototypeFailed,

    /// <summary>The prototype ended after it had been ready.</summary>
    PrototypeLost,

    AllWorkersReady,

    /// <summary>A worker said `failed`, or died before it was ready.</summary>
    WorkerFailed,

    /// <summary>It has had its time to come up.</summary>
    TookTooLong,

    /// <summary>A newer generation has taken over, or the server ends.</summary>
    Superseded,

    /// <summary>The last of its processes has gone.</summary>
    Emptied,
}

internal enum GenerationAction
{
    None,

    /// <summary>Ask the prototype for all the processes that are due.</summary>
    ForkWorkers,

    /// <summary>New requests go here from now on; the one before is superseded.</summary>
    TakeOver,

    /// <summary>End what has been started, and tell why.</summary>
    Abandon,

    /// <summary>Start the prototype again, throttled; the workers go on.</summary>
    RebuildPrototype,

    /// <summary>Shut its queue, dismiss prototype and workers.</summary>
    Retire,

    /// <summary>Forget it.</summary>
    Forget,
}

/// <summary>Generation states × events.</summary>
internal static class GenerationStates
{
    public static readonly StateTable<GenerationState, GenerationEvent, GenerationAction> Table = new(
        new(GenerationState.Importing, GenerationEvent.PrototypeReady, GenerationState.Warming, GenerationAction.ForkWorkers),
        new(GenerationState.Importing, GenerationEvent.TookTooLong, GenerationState.Abandoned, GenerationAction.Abandon),
        new(GenerationState.Warming, GenerationEvent.TookTooLong, GenerationState.Abandoned, GenerationAction.Abandon),
        new(GenerationState.Importing, GenerationEvent.PrototypeFailed, GenerationState.Abandoned, GenerationAction.Abandon),
        new(GenerationState.Importing, GenerationEvent.Superseded, GenerationState.Retired, GenerationAction.Retire),

        new(GenerationState.Warming, GenerationEvent.AllWorkersReady, GenerationState.Current, GenerationAction.TakeOver),
        new(GenerationState.Warming, GenerationEvent.WorkerFailed, GenerationState.Abandoned, GenerationAction.Abandon),
        new(GenerationState.Warming, GenerationEvent.PrototypeLost, GenerationState.Abandoned, GenerationAction.Abandon),
        new(GenerationState.Warming, GenerationEvent.Superseded, GenerationState.Retired, GenerationAction.Retire),

        new(GenerationState.Current, GenerationEvent.PrototypeReady, GenerationState.Current, GenerationAction.ForkWorkers),
        new(GenerationState.Current, GenerationEvent.PrototypeFailed, GenerationState.Current, GenerationAction.RebuildPrototype),
        new(GenerationState.Current, GenerationEvent.PrototypeLost, GenerationState.Current, GenerationAction.RebuildPrototype),
        new(GenerationState.Current, GenerationEvent.Superseded, GenerationState.Retired, GenerationAction.Retire),

        new(GenerationState.Retired, GenerationEvent.Emptied, GenerationState.Gone, GenerationAction.Forget),
        new(GenerationState.Abandoned, GenerationEvent.Emptied, GenerationState.Gone, GenerationAction.Forget));
}
