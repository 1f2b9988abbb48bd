using OneServe.Configuration;
using OneServe.Master.Commands;
using OneServe.Master.Hooks;
using OneServe.Master.Scaling;
using OneServe.Master.Start;
using OneServe.Master.States;
using OneServe.Master.Watching;
using OneServe.Posix;

namespace OneServe.Master;

/// <summary>The server as a whole (<see cref="MasterStates"/>): its generations, its gateway, its signals, its end.</summary>
/// <remarks>Everything here runs on the loop's thread.</remarks>
internal sealed partial class Supervisor : Gateway.IOwner, IGenerationOwner
{
    /// <summary>Share of the stop's time that the gateway gets for its connections; the rest is the workers'.</summary>
    private const double DrainShare = 0.85;

    /// <summary>How long to wait for the exits of what has been killed.</summary>
    private static readonly TimeSpan KillTime = TimeSpan.FromSeconds(2);

    private readonly StateMachine<MasterState, MasterEvent, MasterAction> _machine = new(MasterStates.Table, MasterState.Starting);
    private readonly MasterContext _context;
    private readonly ListenerSet _listeners;
    private readonly Gateway _gateway;
    private readonly PidFiles _pidFiles;
    private readonly TouchWatch _touch;
    private readonly TouchWatch _logTouch;
    private readonly List<Generation> _generations = [];
    private Generation? _current;
    private Generation? _building;
    private int _lastGeneration;
    private bool _reloadAgain;

    public Supervisor(MasterContext context, ListenerSet listeners, PidFiles pidFiles)
    {
        _context = context;
        _listeners = listeners;
        _pidFiles = pidFiles;
        _gateway = new Gateway(context, listeners, this);
        _touch = new TouchWatch(context.Loop, Touched);
        _logTouch = new TouchWatch(context.Loop, LogTouched);
        _code = new CodeWatch(context.Loop, context.Log, context.Clock, FilesChanged);
        context.Children.ReadReports = ReadReports;
        context.Children.AfterExit = LookWhetherEmpty;
    }

    /// <summary>True when no process is left and the master may go.</summary>
    public bool HasEnded => _machine.State == MasterState.Ended;

    private bool IsStopping => _machine.State is not (MasterState.Starting or MasterState.Finishing or MasterState.Serving);

    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; private set; }

    /// <summary>Starts the gateway, which serves static files and lets requests wait, and the first generation.</summary>
    /// <exception cref="StartException">More slots than there is room for.</exception>
    public void Start(ServerOptions options, string? python)
    {
        _current = NewGeneration(options, python, active: true);
        _touch.Follow(options.ReloadFiles);
        _logTouch.Follow([.. options.Log.ReopenFiles, .. options.Log.RotateFiles]);
        _code.Follow(options.Development, _current.Modules, isLate: true);
        _gateway.Start(options.EventLoops);
        _current.Start();
    }

    public void Receive(int signal)
    {
        switch (signal)
        {
            case Signals.Terminate or Signals.Interrupt or Signals.Quit:
                _context.Log.Information(IsStopping ? "Stopping at once ({Signal})" : "Stopping ({Signal})", Signals.Name(signal));
                Take(MasterEvent.StopSignal);
                break;
            case Signals.Hangup:
                Take(MasterEvent.ReloadSignal);
                break;
            case Signals.User1:
                LogFigures();
                break;
            case Signals.TerminalStop:
                Pause(!_isPaused);
                break;
            default:
                _context.Log.Information("{Signal} has no meaning here", Signals.Name(signal));
                break;
        }
    }

    void Gateway.IOwner.GatewayIsThere()
    {
        if (_isPaused)
            _gateway.Send(CommandLink.Pause);
        foreach (var generation in _generations.ToArray())
            generation.EnterEpoch();
    }

    void Gateway.IOwner.GatewayIsUp()
    {
        if (_machine.State != MasterState.Starting)
            _context.Log.Information("The gateway is up again (pid {Pid})", _gateway.Pid);
        LookWhetherReady();
    }

    void Gateway.IOwner.GatewayFailed(string why) => FailStart(why, ExitCodes.StartFailed);

    void Gateway.IOwner.WorkerSentGarbage(int line, int pid)
    {
        foreach (var generation in _generations)
            generation.KillWorkerOf(line, pid);
    }

    void Gateway.IOwner.RequestTookTooLong(int line, int pid, long id, double seconds, string request)
    {
        foreach (var generation in _generations)
            generation.WorkerOf(line)?.RequestTookTooLong(line, pid, id, seconds, request);
    }

    void Gateway.IOwner.LoadReported(int generation, LoadReport report) => _generations.Find(known => known.Id == generation)?.LoadReported(report);

    void Gateway.IOwner.GatewayIsGone() => Take(MasterEvent.GatewayGone);

    void IGenerationOwner.GenerationIsReady(Generation generation)
    {
        if (generation == _building)
            TakeOver(generation);
        LookWhetherReady();
    }

    void IGenerationOwner.GenerationFailed(Generation generation, ApplicationFailure failure)
    {
        if (generation != _building)
        {
            FailStart(failure.Explain(generation.Options), failure.ExitCode);
            return;
        }
        _building = null;
        RefuseReload(failure.Explain(generation.Options));
        ReloadAgainIfAsked();
    }

    void IGenerationOwner.GenerationIsGone(Generation generation)
    {
        _generations.Remove(generation);
        _context.ApplicationMemory.KeepFor(_generations.Select(static present => present.Options));
        _context.Log.Debug("Generation {Id} has gone", generation.Id);
    }

    private void Take(MasterEvent happened)
    {
        switch (_machine.Take(happened))
        {
            case MasterAction.FinishStart:
                _hooks = HookRun.Start(_context, _current!.Options, HookStage.MasterStart, StartIsFinished);
                break;
            case MasterAction.Announce:
                Announce();
                ReloadAgainIfAsked();
                break;
            case MasterAction.Reload:
                Reload();
                break;
            case MasterAction.ReloadLater:
                _reloadAgain = true;
                break;
            case MasterAction.Drain:
                EndCanary();
                _hooks?.Cancel();
                // What waits is finished, too.
                Pause(false);
                _building?.Supersede();
                _building = null;
                _context.Loop.Timers.After(_current!.Options.StopGrace, StopTookTooLong);
                _gateway.Stop(_current.Options.StopGrace * DrainShare);
                _listeners.StopListening();
                break;
            case MasterAction.Dismiss:
                foreach (var generation in _generations.ToArray())
                    generation.Supersede();
                LookWhetherEmpty();
                break;
            case MasterAction.KillAll:
                KillAll();
                break;
        }
    }

    private void LookWhetherReady()
    {
        if (_gateway.IsUp && _current?.State == GenerationState.Current)
            Take(MasterEvent.BecameReady);
    }

    private void Announce()
    {
        var addresses = _listeners.Open.Select(static listener => listener.Title);
        _context.Setup.ShowBanner(Banner.Compose(
            ProductVersion.Text, _current!.Options, addresses, _current.Facts, StartChecks.Exists, ProcessCalls.Id));
        _code.Tell();
    }

    private void Reload()
    {
        // While the generation before is kept, the present one has yet to prove itself: what comes after it may not throw away what went before.
        if (_building is not null || _kept is not null || _hooks is { IsRunning: true })
        {
            _reloadAgain = true;
            return;
        }
        _context.Log.Information("Reloading");
        if (_current!.Options.Log.ReopensAtReload)
            _context.Collector?.Reopen();
        BeginReload();
        var reading = _context.Setup.ReadConfiguration(new ValueCommands(_context.Children.EndOf));
        if (reading.Options is { } options)
            PrepareReload(options);
        else
            RefuseReload(string.Join('\n', reading.Problems));
    }

    private void Build(ServerOptions options)
    {
        try
        {
            StartChecks.Verify(options);
            StartChecks.LookAtStaticMaps(options, _context.Identity, _context.Log);
            RoutingChecks.Verify(options.Routing, _context.Identity, _context.Log);
            string? python = MasterProcess.FindPython(options);
            _listeners.OpenMissing(options);
            _building = NewGeneration(options, python, active: false);
        }
        catch (StartException error)
        {
            RefuseReload(error.Message);
            return;
        }
        catch (SystemCallException error)
        {
            RefuseReload(ScarceResources.Explain(error) ?? error.Message);
            return;
        }
        if (options.Log.Receivers != _context.Setup.Options.Log.Receivers)
            _context.Log.Warning("The log goes where it went: `logto`, loggers, their routes and encoders change when the server is started anew");
        _building.Start();
    }

    private Generation NewGeneration(ServerOptions options, string? python, bool active)
    {
        // A reload under load does not begin with fewer workers than the load has called for.
        int workers = options.Scaling.IsOn
            ? Math.Clamp(_current?.ScaledTo ?? 0, options.InitialProcesses, options.Processes)
            : options.InitialProcesses;
        var generation = new Generation(_context, _gateway, ++_lastGeneration, options, python, TakeLoadAgain(options.Application), active, workers, this);
        _generations.Add(generation);
        return generation;
    }

    private void TakeOver(Generation generation)
    {
        var old = _current!;
        _building = null;
        _tried.Clear();
        _current = generation;
        foreach (var listener in _listeners.Confirm())
        {
            _gateway.SendListener(listener);
            _context.Log.Information("Listening, too: {Title}", listener.Title);
        }
        _listeners.Apply(generation.Options);
        if (Backlog.Of(generation.Options).Note is { } note && note != Backlog.Of(old.Options).Note)
            _context.Log.Information("{Note}", note);
        if (generation.Options.EventLoops != _gateway.Loops)
            _context.Log.Information("http-processes = {New} counts from the next start on: {Now} it is", generation.Options.EventLoops, _gateway.Loops);
        old.Deactivate();
        generation.Activate();
        _touch.Follow(generation.Options.ReloadFiles);
        _code.Follow(generation.Options.Development, generation.Modules, isLate: true);
        _context.Log.Information("Reloaded: generation {Id} has taken over", generation.Id);
        BeginCanary(old);
    }

    private void RefuseReload(string why)
    {
        _listeners.Discard();
        KeepEdited();
        _context.Log.Error("The reload failed, everything stays as it was. {Why}", why);
        EndReload(CommandLink.Failed + why);
    }

    private void ReloadAgainIfAsked()
    {
        if (!_reloadAgain)
            return;
        _reloadAgain = false;
        _context.Loop.Post(() => Take(MasterEvent.ReloadSignal));
    }

    private void FailStart(string why, int exitCode)
    {
        if (_machine.State is not (MasterState.Starting or MasterState.Finishing))
            return;
        ExitCode = exitCode;
        _context.Log.Error("{Why}", why);
        _context.Collector?.TellConsole(why);
        Take(MasterEvent.StartFailed);
    }

    private void StopTookTooLong()
    {
        _context.Log.Warning(
            "The stop has had its {Seconds} s: {Count} processes that are left are killed", _current!.Options.StopGrace.TotalSeconds, _context.Children.Count);
        Take(MasterEvent.DeadlinePassed);
    }

    private void KillAll()
    {
        _context.Loop.Timers.After(KillTime, () => Take(MasterEvent.DeadlinePassed));
        _hooks?.Cancel();
        _gateway.Kill();
        foreach (var generation in _generations.ToArray())
        {
            generation.Supersede();
            generation.Kill();
        }
        // Those, too, whose pid is not known yet.
        _context.Lifeline.Dispose();
        LookWhetherEmpty();
    }

    private void ReadReports()
    {
        foreach (var generation in _generations.ToArray())
            generation.ReadReports();
    }

    private void LookWhetherEmpty()
    {
        if (_context.Children.Count == 0)
            Take(MasterEvent.Emptied);
    }
}
