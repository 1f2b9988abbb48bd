using OneServe.Posix;
using OneServe.Transport;

namespace OneServe.Application;

/// <summary>One worker thread as the gateway sees it: its line of the scoreboard, its reply ring and its link. The process is the master's business.</summary>
internal sealed unsafe class Slot : IDescriptorHandler
{
    private readonly Dispatcher _dispatcher;

    public Slot(Dispatcher dispatcher, WorkerPool pool, int line, SafeDescriptor link, SharedRegions regions)
    {
        _dispatcher = dispatcher;
        Pool = pool;
        Line = line;
        Link = new ReplyLink(link);
        Ring = new ReplyRing(regions.Ring(line), regions.Board, line);
    }

    public WorkerPool Pool { get; }

    public int Line { get; }

    public ReplyRing Ring { get; }

    public ReplyLink Link { get; }

    void IDescriptorHandler.OnEvents(EpollEvents events) => _dispatcher.ReadLink(this);
}
