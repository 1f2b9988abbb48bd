namespace OneServe.Application;

/// <summary>The layout of the scoreboard: 1,024 lines of sixteen 64-bit words; line 0 is the header, every other line a slot.</summary>
/// <remarks>Every word has one writer (docs/protocol.md), so plain aligned loads and stores with acquire and release suffice.</remarks>
public readonly unsafe struct Scoreboard(byte* start)
{
    public const int Lines = 1024;
    public const int LineSize = 128;
    public const int Size = Lines * LineSize;

    private readonly ulong* _words = (ulong*)start;

    /// <summary>The epoch that is in force: packets of any other are void.</summary>
    public ulong Epoch
    {
        get => Volatile.Read(ref _words[0]);
        set => Volatile.Write(ref _words[0], value);
    }

    /// <summary>True while the gateway sleeps or is about to: who publishes a reply then wakes it.</summary>
    public bool GatewayAsleep
    {
        get => Volatile.Read(ref _words[1]) != 0;
        set => Volatile.Write(ref _words[1], value ? 1UL : 0UL);
    }

    /// <summary>
    /// Nobody waits for this request any more: a worker that takes it from the queue now does not run it. The note is kept until another request takes
    /// its place (the same remainder by the number of slots' lines); then the worker runs it in vain.
    /// </summary>
    public void NoteWithdrawn(ulong id)
    {
        this[1 + (int)(id % (Lines - 1)), SlotWord.Withdrawn] = id;
        if (id > Volatile.Read(ref _words[2]))
            Volatile.Write(ref _words[2], id);
    }

    /// <summary>One word of a slot's line, with acquire and release semantics.</summary>
    public ulong this[int line, SlotWord word]
    {
        get => Volatile.Read(ref _words[(line * (LineSize / 8)) + (int)word]);
        set => Volatile.Write(ref _words[(line * (LineSize / 8)) + (int)word], value);
    }
}

/// <summary>The words of a slot's line.</summary>
public enum SlotWord
{
    /// <summary>Id of the packet taken last; written by the kernel as part of the worker's recvmsg.</summary>
    Taken = 0,

    /// <summary>When the gateway sent that packet (CLOCK_MONOTONIC ns); written likewise.</summary>
    Sent = 1,

    /// <summary>Id of the packet done last.</summary>
    Done = 2,

    /// <summary>When the packet was taken (CLOCK_MONOTONIC ns).</summary>
    Started = 3,

    /// <summary>The worker's process id.</summary>
    Pid = 4,

    /// <summary>The master's orders, <see cref="SlotFlags"/>.</summary>
    Flags = 5,

    /// <summary>Bytes ever put into the reply ring.</summary>
    Produced = 6,

    /// <summary>Bytes ever taken out of the reply ring.</summary>
    Consumed = 7,

    /// <summary>Id of a request whose client has left.</summary>
    Cancelled = 8,

    /// <summary>Requests finished.</summary>
    Requests = 9,

    /// <summary>Exceptions that left the application.</summary>
    Exceptions = 10,

    /// <summary>The kernel's id of the slot's thread.</summary>
    Thread = 11,

    /// <summary>The generation and, in the lower half, the number of the worker.</summary>
    Owner = 12,

    /// <summary>Until when the request in work may go on (CLOCK_MONOTONIC ns), in place of `harakiri`; 0: as `harakiri` says.</summary>
    Limit = 13,

    /// <summary>Of a worker with a queue of its own: requests that it has been sent, has not answered, and that have not been given up.</summary>
    InFlight = 14,

    /// <summary>Id of a request, of whichever slot, for which nobody waits any more (<see cref="Scoreboard.NoteWithdrawn"/>).</summary>
    Withdrawn = 15,
}

/// <summary>Orders of the master to a slot.</summary>
[Flags]
public enum SlotFlags : ulong
{
    None = 0,

    /// <summary>Take no further request; leave.</summary>
    Leave = 1,
}
