using OneServe.Configuration;
using OneServe.Master.Start;
using OneServe.Master.States;

namespace OneServe.Master;

/// <content>Its prototype: imported once, built anew when it dies.</content>
internal sealed partial class Generation : Prototype.IOwner
{
    private readonly Prototype? _prototype;
    private readonly RestartThrottle _prototypeThrottle;
    private bool _prototypeLives;

    /// <summary>What the prototype has told about itself.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; private set; } = new Dictionary<string, string>();

    /// <summary>It hangs: it is built anew.</summary>
    public void EndPrototype() => _prototype?.End();

    /// <summary>Takes what the prototype has reported up to now.</summary>
    public void ReadReports() => _prototype?.ReadReports();

    public void SendToPrototype(string message, ReadOnlySpan<int> descriptors) => _prototype?.Send(message, descriptors);

    void Prototype.IOwner.PrototypeIsReady(IReadOnlyDictionary<string, string> facts)
    {
        Facts = facts;
        if (State == GenerationState.Importing && !Options.Application.Lazy)
            ApplicationIsThere();
        else
            Take(GenerationEvent.PrototypeReady);
    }

    void Prototype.IOwner.PrototypeForked(int line, int pid) => _workers.Find(worker => worker.Line == line)?.PidIsKnown(pid);

    void Prototype.IOwner.PrototypeEnded(ApplicationFailure? failure, string how)
    {
        _prototypeLives = false;
        if (failure is not null && State == GenerationState.Current)
            _context.Log.Error("The prototype cannot be built anew, the workers go on; it is tried again. {Why}", failure.Explain(Options));
        if (failure is null)
            Take(GenerationEvent.PrototypeLost, ApplicationFailure.Ended("the prototype", how));
        else
            Take(GenerationEvent.PrototypeFailed, failure);
        LookWhetherEmpty();
    }

    private void BeginImport()
    {
        if (_prototype is null)
        {
            RunHooks(HookStage.PostApplication, () =>
            {
                Take(GenerationEvent.PrototypeReady);
                Take(GenerationEvent.AllWorkersReady);
            });
            return;
        }
        StartPrototype();
        TimeSpan? limit = Options.ImportTimeout ?? (IsActive ? null : ServerOptions.ReloadPatience);
        if (limit is { } patience)
            _context.Loop.Timers.After(patience, () => GiveUpOn(patience));
        if (MemoryWatch.IsAsked(Options.Workers))
            WatchMemory();
    }

    /// <summary>The stack of what hangs goes to the log first.</summary>
    private void GiveUpOn(TimeSpan patience)
    {
        if (State is not (GenerationState.Importing or GenerationState.Warming))
            return;
        if (RunsHooks)
        {
            _context.Loop.Timers.After(patience, () => GiveUpOn(patience));
            return;
        }
        _prototype?.ShowStack();
        foreach (var worker in _workers)
            worker.ShowStack();
        var failure = ApplicationFailure.Ended("the application", $"has not come up within {patience.TotalSeconds} s (import-timeout)");
        _context.Loop.Timers.After(Worker.StackTime, () => Take(GenerationEvent.TookTooLong, failure));
    }

    private void StartPrototype()
    {
        _prototypeLives = true;
        _prototypeThrottle.Started();
        _prototype!.Start();
        if (IsCurrent)
            _context.Loop.Timers.After(StartPatience, LookWhetherPrototypeHangs);
    }

    private void LookWhetherPrototypeHangs()
    {
        if (!IsCurrent || !_prototypeLives || _prototype is not { IsReady: false } hanging || !hanging.HasLivedFor(StartPatience))
            return;
        _context.Log.Error("The prototype has not come up within {Seconds} s (import-timeout): it is ended. Its Python stack:", StartPatience.TotalSeconds);
        hanging.ShowStack();
        _context.Loop.Timers.After(Worker.StackTime, hanging.End);
    }
}
