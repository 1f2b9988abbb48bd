using OneServe.Configuration;
using OneServe.Master.Scaling;
using OneServe.Master.Start;
using OneServe.Master.States;
using OneServe.Master.Watching;
using OneServe.Posix;

namespace OneServe.Master;

/// <summary>
/// One configuration with its prototype and its workers (<see cref="GenerationStates"/>). It belongs to no epoch: when the gateway dies,
/// it is given a new queue and new links, and its workers join.
/// </summary>
internal sealed partial class Generation
{
    /// <summary>In a crash loop, requests wait for shorter rests and are refused during longer ones.</summary>
    private static readonly TimeSpan TimeTooLongToWait = TimeSpan.FromSeconds(1);

    private readonly StateMachine<GenerationState, GenerationEvent, GenerationAction> _machine = new(GenerationStates.Table, GenerationState.Importing);
    private readonly MasterContext _context;
    private readonly IGenerationOwner _owner;
    private readonly Gateway _gateway;
    private readonly List<Worker> _workers = [];
    private readonly long _made;
    private IDisposable? _timer;
    private ulong _answeredByGone;

    /// <param name="context">Shared parts.</param>
    /// <param name="gateway">Where its queue and links go.</param>
    /// <param name="id">Counted from 1.</param>
    /// <param name="options">Its configuration.</param>
    /// <param name="python">The interpreter; null: no application, static files alone.</param>
    /// <param name="loadAgain">What its workers load before they are ready.</param>
    /// <param name="active">New requests go to it from its beginning.</param>
    /// <param name="workers">How many it begins with.</param>
    /// <param name="owner">Who is told.</param>
    /// <exception cref="StartException">More slots than lines are free.</exception>
    public Generation(MasterContext context, Gateway gateway, int id, ServerOptions options, string? python,
        LoadAgain loadAgain, bool active, int workers, IGenerationOwner owner)
    {
        (_context, _owner, _gateway, Id, Options, IsActive) = (context, owner, gateway, id, options, active);
        (_made, Modules) = (context.Clock.GetTimestamp(), new LoadedModules(context.Clock.GetUtcNow()));
        // First of all that may fail: nothing has to be given back yet.
        Pool = new GatewayPool(gateway, id, SealedMemory.CreateReadOnly("oneserve-settings", context.Setup.EncodeSettings(options)), HasOwnQueues);
        _prototypeThrottle = new RestartThrottle(context.Clock);
        _prototype = python is null ? null : new Prototype(context, id, options, python, loadAgain, this);
        _signals = RouteSignals();
        for (int number = 1; python is not null && number <= workers; number++)
        {
            int line = context.Lines.Take(options.Threads);
            if (line == 0)
            {
                _workers.ForEach(worker => context.Lines.Return(worker.Line, options.Threads));
                Pool.Dispose();
                throw new StartException($"processes = {workers} with threads = {options.Threads}: "
                    + $"there is room for {context.Lines.Free} more slots only (during a reload the old workers count too).");
            }
            _workers.Add(new Worker(context, this, number, line, options.Threads));
        }
        if (options.Scaling.WantsLoad && python is not null)
            _scaler = new WorkerScaler(options, this, context.Loop.Timers, context.Clock, context.Log);
    }

    public int Id { get; }

    public ServerOptions Options { get; }

    /// <summary>What the gateway knows of it.</summary>
    public GatewayPool Pool { get; }

    public GenerationState State => _machine.State;

    public IReadOnlyList<Worker> Workers => _workers;

    /// <summary>New requests go to it. The first generation is active while it is still importing: requests wait in its queue.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Each worker has a queue for itself.</summary>
    public bool HasOwnQueues => Options.Gevent.Requests > 0;

    /// <summary>True: the prototype can fork, and workers are wanted.</summary>
    public bool CanFork => WantsWorkers && !RunsHooks && _prototype is { IsReady: true } && Pool.Epoch > 0;

    /// <summary>A worker that dies is to be replaced.</summary>
    public bool WantsWorkers => State is GenerationState.Importing or GenerationState.Warming or GenerationState.Current;

    /// <summary>It has come up and nobody has taken over.</summary>
    public bool IsCurrent => State == GenerationState.Current;

    /// <summary>How long one of its processes may take to come up once it is current.</summary>
    public TimeSpan StartPatience => Options.ImportTimeout ?? ServerOptions.ReloadPatience;

    /// <summary>What its code comes from, as far as its processes have told.</summary>
    public LoadedModules Modules { get; }

    /// <summary>Time since it was made.</summary>
    public TimeSpan Age => _context.Clock.GetElapsedTime(_made);

    /// <summary>Everything has been killed.</summary>
    public bool IsKilled { get; private set; }

    /// <summary>Begins: the gateway gets queue and links at once, the prototype imports.</summary>
    public void Start()
    {
        EnterEpoch();
        if (State == GenerationState.Importing)
            RunHooks(HookStage.PreApplication, BeginImport);
    }

    private void WatchMemory()
    {
        if (State is GenerationState.Gone)
            return;
        foreach (var worker in _workers)
            MemoryWatch.Look(worker, Options.Workers, _context.Log);
        _context.Loop.Timers.After(MemoryWatch.Interval, WatchMemory);
    }

    /// <summary>New requests go here from now on.</summary>
    public void Activate()
    {
        if (IsActive)
            return;
        IsActive = true;
        Pool.Activate();
        StartScaling();
    }

    /// <summary>Another generation gets the requests; this one keeps its workers.</summary>
    public void Deactivate() => IsActive = false;

    /// <summary>By its workers, those that have gone too.</summary>
    public ulong RequestsAnswered => _workers.Aggregate(_answeredByGone, static (sum, worker) => sum + worker.RequestsAnswered);

    /// <summary>A worker that took requests has not left by itself.</summary>
    public void WorkerDied() => _owner.WorkerDied(this);

    /// <summary>Another generation has taken over, or the server ends.</summary>
    public void Supersede() => Take(GenerationEvent.Superseded);

    /// <summary>SIGKILL for all its processes.</summary>
    public void Kill()
    {
        IsKilled = true;
        CancelHooks();
        _prototype?.Kill();
        foreach (var worker in _workers.ToArray())
            worker.Kill();
    }

    /// <summary>Every idle slot looks at its flags.</summary>
    public void WakeSlots() => Pool.Wake(_workers.Count * Options.Threads);

    /// <summary>The worker of a slot's line, or null.</summary>
    public Worker? WorkerOf(int line) => _workers.Find(worker => line >= worker.Line && line < worker.Line + Options.Threads);

    /// <summary>SIGKILL for the process of a slot that has sent garbage; it is replaced like any that dies.</summary>
    public void KillWorkerOf(int line, int pid)
    {
        if (WorkerOf(line) is not { Pid: > 0 } worker || worker.Pid != pid)
            return;
        _context.Log.Error("The process of slot {Line} (pid {Pid}) sent a reply that cannot be read: it is killed", line, worker.Pid);
        Processes.Children.Kill(worker.Pid);
    }

    public void WorkerIsReady(Worker worker)
    {
        WorkerAccepts(worker.Number);
        if (State == GenerationState.Current)
        {
            ContinueChain(worker);
            return;
        }
        LookWhetherWarm();
    }

    private void LookWhetherWarm()
    {
        if (State != GenerationState.Warming || RunsHooks || !_workers.TrueForAll(static worker => worker.State == WorkerState.Ready))
            return;
        if (!_isApplicationThere)
        {
            ApplicationIsInWorkers();
            return;
        }
        Take(GenerationEvent.AllWorkersReady);
        foreach (var worn in _workers.Where(static worker => worker.IsWorn).ToArray())
            Replace(worn);
    }

    /// <summary>A worker did not become ready.</summary>
    public void WorkerFailed(Worker worker)
    {
        var failure = worker.Failure is { } said
            ? new ApplicationFailure(said.Words.FirstOrDefault() ?? "internal", said.Text)
            : ApplicationFailure.Ended("a worker", worker.LastEnd + " before it was ready");
        if (BreakChain(worker, failure.Explain(Options)))
            return;
        if (State == GenerationState.Current)
            _context.Log.Error("A worker cannot be replaced; it is tried again. {Why}", failure.Explain(Options));
        Take(GenerationEvent.WorkerFailed, failure);
    }

    /// <summary>A worker's next process is started after this time only. When there is no other, requests are not to wait for it.</summary>
    public void WorkerRests(TimeSpan time)
    {
        if (time >= TimeTooLongToWait && _workers.TrueForAll(static worker => worker.State == WorkerState.Parked))
            Pool.Rest(time);
    }

    public void WorkerIsGone(Worker worker)
    {
        _workers.Remove(worker);
        _answeredByGone += worker.RequestsAnswered;
        _context.Lines.Return(worker.Line, Options.Threads);
        LookWhetherEmpty();
    }

    /// <summary>A process tells which modules it has loaded.</summary>
    public void TakeModules(ControlMessage message) => _owner.ModulesLoaded(this, Modules.Take(message));

    private void Take(GenerationEvent happened, ApplicationFailure? failure = null)
    {
        switch (_machine.Take(happened))
        {
            case GenerationAction.ForkWorkers:
                ForkWorkers();
                // Without a worker to begin with (`cheap`) it is warm already.
                if (_prototype is not null && _workers.Count == 0)
                    LookWhetherWarm();
                break;
            case GenerationAction.TakeOver:
                _owner.GenerationIsReady(this);
                if (IsActive)
                    StartScaling();
                break;
            case GenerationAction.Abandon:
                _owner.GenerationFailed(this, failure!);
                EndQueue();
                Kill();
                LookWhetherEmpty();
                break;
            case GenerationAction.RebuildPrototype:
                _timer?.Dispose();
                _timer = _context.Loop.Timers.After(_prototypeThrottle.Died(), StartPrototype);
                break;
            case GenerationAction.Retire:
                Retire();
                break;
            case GenerationAction.Forget:
                Forget();
                break;
        }
    }

    private void ForkWorkers()
    {
        foreach (var worker in _workers.ToArray())
            worker.ForkIfDue();
    }

    private void Retire()
    {
        EndChain("the server has turned to something else");
        EndQueue();
        _hooks?.Cancel();
        _timer?.Dispose();
        var mercy = Options.Workers.Mercy;
        _timer = _context.Loop.Timers.After(mercy, () =>
        {
            _context.Log.Warning(
                "{Count} workers from before the reload still work after {Seconds} s (worker-reload-mercy): they are killed",
                _workers.Count, mercy.TotalSeconds);
            Kill();
        });
        _prototype?.Dismiss();
        foreach (var worker in _workers.ToArray())
            worker.Dismiss();
        LookWhetherEmpty();
    }

    /// <summary>The workers take what is queued, then read the end and ask what next.</summary>
    private void EndQueue()
    {
        IsActive = false;
        if (!Pool.EndQueue())
            _workers.ForEach(static worker => worker.EndQueue());
    }

    private void LookWhetherEmpty()
    {
        if (_workers.Count == 0 && !_prototypeLives && !RunsHooks)
            Take(GenerationEvent.Emptied);
    }

    private void Forget()
    {
        _timer?.Dispose();
        _signals.Dispose();
        Pool.Dispose();
        _owner.GenerationIsGone(this);
    }
}
