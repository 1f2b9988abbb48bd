namespace OneServe.Master.Scaling;

/// <summary>The workers whose number follows the load.</summary>
internal interface IScaledPool
{
    /// <summary>It gets the requests, and they are not held back.</summary>
    bool IsInUse { get; }

    /// <summary>Its workers are being replaced one after the other: none is to be taken away meanwhile.</summary>
    bool IsBeingReplaced { get; }

    PoolCount Count { get; }

    /// <summary>Requests that each worker has in work at a time: threads, or greenlets.</summary>
    int SlotsPerWorker { get; }

    /// <summary>Requests that its workers have answered, ever.</summary>
    ulong Answered { get; }

    /// <summary>Resident memory of its workers together, bytes.</summary>
    long Resident { get; }

    /// <summary>One worker more. Null, or the reason why not.</summary>
    string? Add();

    /// <summary>One worker less, if there is one that has nothing to do.</summary>
    bool RemoveFree();

    /// <summary>Nothing has been asked of the server for `idle` seconds, and it is to end (`die-on-idle`).</summary>
    void EndIdle(TimeSpan idle);
}
