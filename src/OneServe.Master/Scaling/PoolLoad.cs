namespace OneServe.Master.Scaling;

/// <summary>A pool at one moment, as an algorithm sees it.</summary>
internal readonly record struct PoolLoad
{
    /// <summary>Since any fixed moment.</summary>
    public required TimeSpan Now { get; init; }

    /// <summary>Workers that take requests.</summary>
    public required int Serving { get; init; }

    /// <summary>Workers that have been started and are not ready.</summary>
    public int Coming { get; init; }

    /// <summary>Threads of each worker, or greenlets.</summary>
    public int SlotsPerWorker { get; init; }

    /// <summary>Requests in the gateway that are an application's: in work or waiting.</summary>
    public int Requests { get; init; }

    /// <summary>Slots that were at work since the moment before this one, on average.</summary>
    public double MeanBusy { get; init; }

    public int Workers => Serving + Coming;

    /// <summary>Requests that can be in work at a time.</summary>
    public int Slots => Serving * SlotsPerWorker;

    /// <summary>Requests for which there is no slot.</summary>
    public int Waiting => Math.Max(0, Requests - Slots);

    /// <summary><see cref="Waiting"/> for the log.</summary>
    public string WaitingText => Waiting == 1 ? "1 request waits" : $"{Waiting} requests wait";

    /// <summary>Requests for which there will be no slot when the workers that are coming are ready, either.</summary>
    public int Unserved => Math.Max(0, Requests - (Workers * SlotsPerWorker));

    /// <summary>Every slot is at work.</summary>
    public bool IsFull => Requests >= Slots;

    /// <summary>Workers that could be done without: now, and on average since the moment before.</summary>
    public int Free => Math.Max(0, (int)(Slots - Math.Max(Requests, Math.Ceiling(MeanBusy))) / Math.Max(1, SlotsPerWorker));
}
