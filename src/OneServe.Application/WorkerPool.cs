using OneServe.Posix;

namespace OneServe.Application;

/// <summary>The queue and the slots of one generation, as the gateway sees them.</summary>
/// <param name="generation">Its number.</param>
/// <param name="queue">The queue of all its slots; null: each worker has one for itself.</param>
/// <param name="board">How far the workers are.</param>
internal sealed class WorkerPool(int generation, SafeDescriptor? queue, Scoreboard board)
{
    /// <summary>
    /// Packets in the kernel's queue beyond one for each slot: a slot that ends a request finds the next one without a turn of the gateway.
    /// Measured with 0, 1, 4, 16, 64: 55, 62, 65, 69, 69 thousand requests a second, more with 64 and sendmmsg. A packet here cannot be called
    /// back, only marked as withdrawn, but never waits behind a busy slot while another is idle: the queue is shared.
    /// </summary>
    private const int Prefetch = 64;

    public int Generation { get; } = generation;

    public SafeDescriptor? Queue { get; } = queue;

    /// <summary>The workers' own queues; null: there is one for all.</summary>
    public OwnQueues? Own { get; } = queue is null ? new OwnQueues(board) : null;

    /// <summary>Slots with a living process.</summary>
    public int Live { get; set; }

    /// <summary>Slots whose process is dead while their last words have not been delivered yet.</summary>
    public int Dying { get; set; }

    /// <summary>Packets sent and not answered.</summary>
    public int Outstanding { get; set; }

    /// <summary>Its queue has been shut: it finishes what it has.</summary>
    public bool Retired { get; set; }

    /// <summary>Until then (time of the loop, ms) no process of it is started: they die too soon. Zero: not so.</summary>
    public long RestsUntil { get; set; }

    /// <summary>Packets that may be sent now. Nothing is sent to a pool without a slot: what waits in the gateway can go elsewhere.</summary>
    public int Credit => Live == 0 || Retired ? 0 : Own is null ? Live + Prefetch - Outstanding : Own.Room;
}
