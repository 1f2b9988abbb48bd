using OneServe.Configuration;
using OneServe.Master.Hooks;
using OneServe.Master.Start;
using OneServe.Master.States;

namespace OneServe.Master;

/// <content>What is done around the application's import, and when workers are ready.</content>
internal sealed partial class Generation
{
    private readonly List<HookRun> _besides = [];
    private HookRun? _hooks;
    private bool _isApplicationThere;

    /// <summary>What it is waiting for, for people; null: nothing.</summary>
    public string? WaitingFor => (_hooks?.Present, State) switch
    {
        ({ } hook, _) => hook,
        (_, GenerationState.Importing) => $"the application to be imported ({Application})",
        (_, GenerationState.Warming) when Options.Application.Lazy => "the application to be imported in each worker",
        (_, GenerationState.Warming) => "the workers",
        _ => null,
    };

    private string Application => (Options.Application.Module ?? Options.Application.File)?.ToString() ?? "its mounts";

    private bool RunsHooks => _hooks is { IsRunning: true };

    /// <summary>Nothing is given up, and nothing is forked, while they run.</summary>
    private void RunHooks(HookStage stage, Action then)
    {
        _hooks = HookRun.Start(_context, Options, stage, failure =>
        {
            if (failure is not null && WantsWorkers)
                Take(State == GenerationState.Warming ? GenerationEvent.WorkerFailed : GenerationEvent.PrototypeFailed, ApplicationFailure.Hook(failure));
            else if (WantsWorkers)
                then();
            LookWhetherEmpty();
        });
    }

    /// <summary>It has been imported: once, in the prototype.</summary>
    private void ApplicationIsThere()
    {
        _isApplicationThere = true;
        RunHooks(HookStage.PostApplication, () =>
        {
            if (_prototype is { IsReady: false })
                Take(GenerationEvent.PrototypeFailed, ApplicationFailure.Ended("the prototype", "ended while commands ran"));
            else
                Take(GenerationEvent.PrototypeReady);
        });
    }

    /// <summary>With `lazy-apps`: it has been imported in all workers.</summary>
    private void ApplicationIsInWorkers()
    {
        _isApplicationThere = true;
        RunHooks(HookStage.PostApplication, LookWhetherWarm);
    }

    private void WorkerAccepts(int number)
    {
        _besides.RemoveAll(static run => !run.IsRunning);
        _besides.Add(HookRun.Start(_context, Options, HookStage.Accepting, static _ => { }));
        if (number == 1)
            _besides.Add(HookRun.Start(_context, Options, HookStage.FirstAccepting, static _ => { }));
    }

    private void CancelHooks()
    {
        _hooks?.Cancel();
        _besides.ForEach(static run => run.Cancel());
    }
}
