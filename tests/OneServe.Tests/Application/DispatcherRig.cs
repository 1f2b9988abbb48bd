using OneServe.Application;
using OneServe.Posix;
using OneServe.Tests.Transport;
using OneServe.Transport;

namespace OneServe.Tests.Application;

/// <summary>A dispatcher on a loop of its own, with shared memory, queues and links as the master makes them; the workers are the test's.</summary>
internal sealed class DispatcherRig : IAsyncDisposable, IDispatcherObserver, ILoopParticipant
{
    public const ulong Epoch = 5;

    private readonly EventLoop _loop = new("dispatcher test");
    private readonly SharedRegions _regions;
    private readonly SafeDescriptor _wake = Descriptors.Event();
    private readonly Dictionary<int, SafeDescriptor> _queues = [];
    private readonly List<SafeDescriptor> _ours = [];
    private long _turns;

    public DispatcherRig()
    {
        _regions = new SharedRegions(
            SealedMemory.Create("board", Scoreboard.Size),
            SealedMemory.Create("rings", SharedLayout.RingsSize),
            SealedMemory.Create("bodies", SharedLayout.BodiesSize),
            _wake);
        Dispatcher = new Dispatcher(_loop, _regions, Epoch, this);
        _loop.HandlerFailed = Failures.Add;
        _loop.Attach(this);
        _loop.Start();
    }

    public Dispatcher Dispatcher { get; }

    /// <summary>Send buffer of the queues, bytes: half of what the kernel makes of it; 0: as it is.</summary>
    public int QueueBuffer { get; init; }

    public EventLoop Loop => _loop;

    public List<Exception> Failures { get; } = [];

    /// <summary>Lines that were reported for garbage.</summary>
    public List<int> Garbage { get; } = [];

    /// <summary>Turns of the loop so far.</summary>
    public long Turns => Interlocked.Read(ref _turns);

    public bool WantsSeconds => false;

    public int SleepLimit => -1;

    /// <summary>Makes a generation with these lines and gives its workers.</summary>
    public async Task<FakeWorker[]> PoolAsync(int generation, params int[] lines)
    {
        var (gateways, workers) = SocketPairs.Sequenced();
        if (QueueBuffer > 0)
            SocketPairs.SetSendBuffer(gateways, QueueBuffer);
        _queues[generation] = workers;
        _ours.Add(workers);
        await OnLoop(() =>
        {
            Dispatcher.AddPool(generation, gateways);
            Dispatcher.Activate(generation);
        });
        var all = new FakeWorker[lines.Length];
        for (int i = 0; i < lines.Length; i++)
            all[i] = await SlotAsync(generation, lines[i]);
        return all;
    }

    public async Task<FakeWorker> SlotAsync(int generation, int line)
    {
        var (gateways, workers) = SocketPairs.Stream();
        _ours.Add(workers);
        await OnLoop(() => Dispatcher.AddSlot(generation, line, gateways));
        return new FakeWorker(_regions, line, _queues[generation], workers, _wake);
    }

    /// <summary>Makes a generation whose workers, one a line, have a queue each and serve so many requests at a time.</summary>
    public async Task<FakeWorker[]> OwnQueuesAsync(int generation, int requests, params int[] lines)
    {
        await OnLoop(() =>
        {
            Dispatcher.AddPool(generation, queue: null);
            Dispatcher.Activate(generation);
        });
        var all = new FakeWorker[lines.Length];
        for (int i = 0; i < lines.Length; i++)
        {
            var (link, workersLink) = SocketPairs.Stream();
            var (queue, workersQueue) = SocketPairs.Sequenced();
            var shared = new SafeDescriptor(Descriptors.Duplicate(workersQueue.Number).Int);
            _ours.AddRange([workersLink, workersQueue]);
            int line = lines[i];
            await OnLoop(() => Dispatcher.AddWorker(generation, line, requests, link, queue, shared));
            all[i] = new FakeWorker(_regions, line, workersQueue, workersLink, _wake);
        }
        return all;
    }

    /// <summary>Lets the loop's clock go on for so long; the look comes with its next turn.</summary>
    public async Task WaitAsync(TimeSpan time)
    {
        long until = 0;
        await OnLoop(() => until = _loop.Now + (long)time.TotalMilliseconds);
        long now = 0;
        await Poll.Until(() =>
        {
            _loop.Post(_ => Volatile.Write(ref now, _loop.Now), null);
            return Volatile.Read(ref now) > until;
        }, "the time has passed");
        await SettleAsync();
    }

    public async Task<FakeRequest> SubmitAsync(FakeRequest? request = null)
    {
        request ??= new FakeRequest();
        await OnLoop(() => Dispatcher.Submit(request).Should().BeTrue());
        return request;
    }

    /// <summary>A pool of one slot, and a request whose answer has begun ("head one") when its client takes no more.</summary>
    public async Task<(FakeWorker Worker, FakeRequest Request, ulong Id)> HeldAsync()
    {
        var worker = (await PoolAsync(1, 1))[0];
        var request = await SubmitAsync(new FakeRequest { Takes = false });
        ulong id = worker.Take()!.Value;
        worker.Send(id, 1, "head");
        worker.Send(id, 2, "one");
        await SettleAsync();
        return (worker, request, id);
    }

    public Task DiedAsync(FakeWorker worker, ulong id)
    {
        worker.Close();
        return OnLoop(() => Dispatcher.SlotDied(worker.Line, id));
    }

    /// <summary>Runs the code on the loop, and then what was ready before this call has been handled.</summary>
    public async Task OnLoop(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(_ =>
        {
            try
            {
                action();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }, null);
        await done.Task;
        await SettleAsync();
    }

    /// <summary>The look that the loop takes once a second.</summary>
    public Task SecondAsync() => OnLoop(() => ((ILoopParticipant)Dispatcher).OnSecond());

    /// <summary>Two whole turns of the loop: whatever was ready before has been handled.</summary>
    public async Task SettleAsync()
    {
        long until = Turns + 2;
        await Poll.Until(() =>
        {
            _loop.Post(static _ => { }, null);
            return Turns >= until;
        }, "two turns of the loop");
    }

    public async ValueTask DisposeAsync()
    {
        await SettleAsync();
        _loop.Stop();
        foreach (var descriptor in _ours)
            descriptor.Dispose();
        Failures.Should().BeEmpty();
    }

    public List<(int Line, ApplicationRequest? Request)> Overdue { get; } = [];

    public List<bool> LostAndRepeated { get; } = [];

    void IDispatcherObserver.WorkerSentGarbage(int line, int pid) => Garbage.Add(line);

    void IDispatcherObserver.RequestRanTooLong(int line, int pid, ulong id, TimeSpan ran, ApplicationRequest? request) => Overdue.Add((line, request));

    void IDispatcherObserver.RequestWasLost(ApplicationRequest request, TimeSpan age, bool isRepeated) => LostAndRepeated.Add(isRepeated);

    bool ILoopParticipant.BeforeSleep() => false;

    void ILoopParticipant.AfterWake()
    {
    }

    void ILoopParticipant.EndOfTurn() => Interlocked.Increment(ref _turns);

    void ILoopParticipant.OnSecond()
    {
    }
}
