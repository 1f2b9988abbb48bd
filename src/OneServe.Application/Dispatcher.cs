using System.Diagnostics;
using OneServe.Posix;
using OneServe.Transport;

namespace OneServe.Application;

/// <summary>
/// Brings requests to workers and their answers back: the gateway's own FIFO, the pools' queues, the slots' rings and links. Lives on one event
/// loop; every member is called on its thread.
/// </summary>
/// <remarks>
/// Theory of operation: requests are appended to the FIFO; at the end of each turn of the loop, as many as the current pool has credit for go
/// out in one sendmmsg. An idle worker's kernel wakes exactly one slot. Replies are found in the rings at the end of the turn: workers write the
/// eventfd only when the gateway has said that it sleeps. A request is in the FIFO (Waiting) or in <see cref="_sent"/> (Sent), never in both.
/// Ids carry the epoch, so that packets left over by a gateway that died are dropped by the workers.
/// </remarks>
public sealed partial class Dispatcher : IRequestDispatch, ILoopParticipant
{
    /// <summary>A worker may be stopped between publishing a reply and waking the gateway: look again after so long, ms.</summary>
    private const int Backstop = 100;

    /// <summary>With more requests out than this, the loop has other things to do than to wait for one of them.</summary>
    private const int FewOutstanding = 2;

    private static readonly TimeSpan PollForReply = TimeSpan.FromMicroseconds(50);
    private static readonly TimeSpan PollForRequest = TimeSpan.FromMicroseconds(60);

    private readonly SharedRegions _regions;
    private Scoreboard _board;
    private readonly EventLoop _loop;
    private readonly IDispatcherObserver _observer;
    private readonly BodyBlocks _blocks;
    private readonly PacketSender _sender;
    private readonly LinkReader _links;
    private readonly BusyPoll _forReply = new(PollForReply);
    private readonly BusyPoll _forRequest = new(PollForRequest);
    private readonly WorkerScheduling _scheduling;
    private readonly RequestFifo _waiting = new();
    private readonly Dictionary<ulong, ApplicationRequest> _sent = [];
    private readonly Dictionary<int, WorkerPool> _pools = [];
    private readonly Dictionary<int, Slot> _slotsByLine = [];
    private Slot[] _slots = [];
    private WorkerPool? _current;
    private bool _asleep;

    public Dispatcher(EventLoop loop, SharedRegions regions, ulong epoch, IDispatcherObserver observer)
    {
        _loop = loop;
        _regions = regions;
        _board = regions.Board;
        _scheduling = new WorkerScheduling(regions.Board);
        _observer = observer;
        _blocks = new BodyBlocks(regions);
        _sender = new PacketSender(_blocks, epoch);
        _links = new LinkReader(this);
        loop.Watch(regions.Wake.Number, EpollEvents.In, new WakeReader(regions.Wake));
        loop.Attach(this);
    }

    /// <summary>Requests in the gateway's FIFO.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Requests with the workers or in their queues.</summary>
    public int Outstanding => _sent.Count;

    /// <summary>Requests that wait, or are with the workers of the current pool.</summary>
    public int Requests => _waiting.Count + (_current?.Outstanding ?? 0);

    /// <summary>Requests that the current pool serves at a time.</summary>
    public int Slots => _current?.Own?.Capacity ?? _current?.Live ?? 0;

    /// <summary>True when more requests wait than leave at the end of this turn.</summary>
    public bool IsBacklogged => _waiting.Count > (_current?.Credit ?? 0);

    /// <summary>Requests that were run again because their first worker died.</summary>
    public long Repeats { get; private set; }

    // ---- the master's orders ----

    /// <summary>A generation; <paramref name="queue"/> is that of all its slots, null when each worker has one for itself.</summary>
    public void AddPool(int generation, SafeDescriptor? queue) => _pools[generation] = new WorkerPool(generation, queue, _board);

    /// <summary>Requests go to this generation from now on.</summary>
    public void Activate(int generation) => _current = _pools.GetValueOrDefault(generation);

    /// <summary>Ends a generation's queue: its slots finish what is in it and then read the end.</summary>
    public void Retire(int generation)
    {
        if (!_pools.TryGetValue(generation, out var pool) || pool.Retired)
            return;
        pool.Retired = true;
        if (pool.Queue is { } queue)
            SocketCalls.ShutdownWriting(queue.Number);
        foreach (var slot in pool.Own?.Slots ?? [])
            LetLeave(slot);
        Settle(pool);
    }

    /// <summary>Wakes idle slots so that those which were told to leave see it.</summary>
    public unsafe void SendNoOps(int generation, int count)
    {
        if (!_pools.TryGetValue(generation, out var pool) || pool.Queue is not { } queue)
            return;
        ulong* packet = stackalloc ulong[2] { 0, 0 };
        for (int i = 0; i < count; i++)
        {
            if (SocketCalls.Send(queue.Number, (byte*)packet, 2 * sizeof(ulong), MessageFlags.DontWait | MessageFlags.NoSignal).IsError)
                return;
        }
    }

    /// <summary>Requests wait here until it is false again; what workers have is finished.</summary>
    public bool IsPaused { get; set; }

    // ---- requests ----

    public bool Submit(ApplicationRequest request)
    {
        request.Repeated = request.Answering = false;
        request.WorkerPid = request.WorkerNumber = request.WorkerThread = 0;
        request.WorkerRequests = 0;
        request.WaitingSince = _loop.Now;
        if (IsFull || Rest > 0)
            return false;
        _forRequest.Succeeded();
        _waiting.Append(request);
        return true;
    }

    public void Withdraw(ApplicationRequest request)
    {
        if (request.State == RequestState.Waiting)
        {
            _waiting.Remove(request);
            ReturnBody(request);
            return;
        }
        if (request.State != RequestState.Sent)
            return;
        var abandoned = new AbandonedRequest
        {
            State = RequestState.Sent,
            Id = request.Id,
            Pool = request.Pool,
            Slot = request.Slot,
            BodyBlock = request.BodyBlock,
            Answering = request.Answering,
            BeganAt = request.BeganAt,
            TimeLimit = request.TimeLimit,
            IsOverdue = request.IsOverdue,
        };
        request.BodyBlock = -1;
        request.State = RequestState.None;
        _sent[request.Id] = abandoned;
        if (abandoned.Slot is { Own: not null } owner)
        {
            Order(owner, request.Id, LinkFrameKind.Cancel);
            return;
        }
        _board.NoteWithdrawn(request.Id);
        foreach (var slot in _slots)
        {
            if (_board[slot.Line, SlotWord.Taken] == request.Id)
                _board[slot.Line, SlotWord.Cancelled] = request.Id;
        }
        if (abandoned.Slot is { Link.Paused: true } paused)
            Resume(paused);
    }

    public void Resume(ApplicationRequest request)
    {
        if (request.State != RequestState.Sent || request.Slot is not { } slot)
            return;
        if (slot.Link.Paused)
            Resume(slot);
        else if (request.IsHeld)
            Release(request, slot);
    }

    // ---- the loop's turns ----

    bool ILoopParticipant.WantsSeconds => _waiting.Count > 0 || _sent.Count > 0;

    int ILoopParticipant.SleepLimit => _sent.Count > 0 || (_waiting.Count > 0 && !IsPaused && _current is { Credit: > 0 }) ? Backstop : -1;

    void ILoopParticipant.EndOfTurn()
    {
        DrainAll();
        if (_current is { Own: { } queues })
            TakeBackFromIdle(queues);
        Flush();
        if (_sent.Count > 0 || _scheduling.IsBatch)
            _scheduling.Look(_loop.Now, _slots);
    }

    /// <summary>The flag first, then the look; workers do it the other way round, so one of the two sees the other.</summary>
    bool ILoopParticipant.BeforeSleep()
    {
        if (_sent.Count == 0)
            return _forRequest.ShouldPoll(Stopwatch.GetTimestamp());
        if (_sent.Count <= FewOutstanding && _forReply.ShouldPoll(Stopwatch.GetTimestamp()))
            return true;
        _asleep = true;
        _board.GatewayAsleep = true;
        Interlocked.MemoryBarrier();
        foreach (var slot in _slots)
        {
            if (slot.Ring.HasReplies)
                return true;
        }
        return false;
    }

    void ILoopParticipant.AfterWake()
    {
        if (!_asleep)
            return;
        _asleep = false;
        _board.GatewayAsleep = false;
    }

    private void DrainAll()
    {
        if (_sent.Count == 0)
            return;
        foreach (var slot in _slots)
        {
            if (slot.Ring.HasReplies)
                Drain(slot);
        }
    }

    private void Flush()
    {
        while (!IsPaused && _waiting.First is { } first && _current is { } pool && pool.Credit > 0)
        {
            Slot? owner = null;
            int room = pool.Credit;
            if (pool.Own is { } queues && (owner = queues.LeastBusy(_loop.Now, out room)) is null)
                return;
            var result = _sender.Send(first, (owner?.Own!.Socket ?? pool.Queue!).Number, room);
            if (result.Errno == Errno.EMSGSIZE)
            {
                Refuse(first);
                continue;
            }
            // EAGAIN: the queue is full, and room comes with the next reply. What else there is passes too: no memory, no descriptors.
            if (result.IsError && owner is null)
                return;
            if (result.IsError)
            {
                owner!.Own!.IsFull = true;
                continue;
            }
            for (int i = 0; i < result.Int; i++)
                Sent(_waiting.First!, pool, owner);
        }
    }

    private void Refuse(ApplicationRequest request)
    {
        _waiting.Remove(request);
        ReturnBody(request);
        request.OnFailed(ApplicationFailure.TooLarge);
    }

    private void Sent(ApplicationRequest request, WorkerPool pool, Slot? owner)
    {
        _waiting.Remove(request);
        request.State = RequestState.Sent;
        request.Id = _sender.TakeId();
        request.SentAt = _loop.Now;
        request.Pool = pool;
        request.Slot = owner;
        if (owner is not null)
            SentTo(owner, request);
        pool.Outstanding++;
        _sent[request.Id] = request;
        _forReply.Arm();
    }
}
