using OneServe.Posix;
using OneServe.Transport;

namespace OneServe.Application;

/// <summary>
/// One worker thread as the gateway sees it: its line of the scoreboard, its reply ring and its link; for a worker with a queue of its own, that too.
/// The process is the master's business.
/// </summary>
internal sealed unsafe class Slot : IDescriptorHandler
{
    private readonly Dispatcher _dispatcher;

    public Slot(Dispatcher dispatcher, WorkerPool pool, int line, SafeDescriptor link, SharedRegions regions, OwnQueue? own = null)
    {
        _dispatcher = dispatcher;
        Pool = pool;
        Line = line;
        Link = new ReplyLink(link);
        Ring = new ReplyRing(regions.Ring(line), regions.Board, line);
        Own = own;
        Orders = own is null ? null : new LinkOrders(link);
    }

    public WorkerPool Pool { get; }

    public int Line { get; }

    /// <summary>The thread that <see cref="IsBatch"/> was last set for.</summary>
    public int ScheduledThread { get; set; }

    /// <summary>Its scheduling class (<see cref="WorkerScheduling"/>).</summary>
    public bool IsBatch { get; set; }

    public ReplyRing Ring { get; }

    public ReplyLink Link { get; }

    /// <summary>The worker's own queue; null: it takes from its pool's.</summary>
    public OwnQueue? Own { get; }

    /// <summary>What is said to a worker with a queue of its own about its requests.</summary>
    public LinkOrders? Orders { get; }

    /// <summary>The loop tells when the link has something to read.</summary>
    public bool IsListening { get; set; }

    /// <summary>Wrote what cannot be read: nothing of it is looked at any more, and the master ends its process.</summary>
    public bool IsDistrusted { get; set; }

    /// <summary>The process has been reaped; the line may have another one already.</summary>
    public bool IsDead { get; set; }

    /// <summary>The request that has been reported as running for too long.</summary>
    public ulong Overdue { get; set; }

    /// <summary>Id of the packet taken last, once the slot is dead.</summary>
    public ulong TakenLast { get; set; }

    /// <summary>What its process has answered; null before the first answer.</summary>
    public WorkerCounter? Counter { get; set; }

    void IDescriptorHandler.OnEvents(EpollEvents events)
    {
        if ((events & EpollEvents.Out) != 0)
            _dispatcher.FlushOrders(this);
        _dispatcher.ReadLink(this);
    }
}
