using OneServe.Configuration;
using OneServe.Master.Hooks;
using OneServe.Master.States;
using OneServe.Posix;

namespace OneServe.Master;

/// <content>What is done at the end of the start and at the beginning of a reload, and what a slow start is waiting for.</content>
internal sealed partial class Supervisor
{
    private HookRun? _hooks;

    /// <summary>What the start is waiting for, for people; null: it has ended.</summary>
    public string? WaitingFor() => _machine.State switch
    {
        MasterState.Starting => _current?.WaitingFor ?? "the gateway",
        MasterState.Finishing => _hooks?.Present,
        _ => null,
    };

    /// <summary>The hooks of `master-start` are done: what is left may fail, and the start with it.</summary>
    private void StartIsFinished(string? failure)
    {
        if (_machine.State != MasterState.Finishing)
            return;
        try
        {
            if (failure is null)
                _pidFiles.CreateSafe();
        }
        catch (StartException error)
        {
            failure = error.Message;
        }
        if (failure is null)
            Take(MasterEvent.StartFinished);
        else
            FailStart(failure, ExitCodes.StartFailed);
    }

    /// <summary>As at a start, commands that are to run as soon as possible come first.</summary>
    private void PrepareReload(ServerOptions options)
    {
        _hooks = HookRun.Start(_context, options, HookStage.AsSoonAsPossible, failure =>
        {
            if (IsStopping)
                return;
            if (options.Attributes.CreationMask is { } mask)
                ProcessCalls.SetCreationMask(mask);
            if (failure is null)
                Build(options);
            else
                RefuseReload(failure);
            if (_building is null)
                ReloadAgainIfAsked();
        });
    }
}
