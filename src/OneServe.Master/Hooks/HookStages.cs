using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe.Master.Hooks;

/// <summary>Stages that the master waits for, before there is a server and after it: signals are heard meanwhile.</summary>
internal sealed class HookStages(MasterContext context)
{
    private readonly List<int> _later = [];
    private HookRun? _present;

    /// <summary>It has been told to stop while hooks ran.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>What runs, for people; null: nothing.</summary>
    public string? Present => _present?.Present;

    /// <summary>Signals that are not for hooks, in order: for the server, when there is one.</summary>
    public IReadOnlyList<int> Later => _later;

    /// <summary>Runs stages one after the other, to their end.</summary>
    /// <returns>False: the server has been told to stop.</returns>
    /// <exception cref="StartException">A hook has failed.</exception>
    public bool Run(ServerOptions options, params ReadOnlySpan<HookStage> stages)
    {
        foreach (var stage in stages)
        {
            string? failure = null;
            if (!IsStopped && !Skips(options, stage))
                failure = Await(options, stage);
            if (IsStopped)
                return false;
            if (failure is not null)
                throw new StartException(failure);
        }
        return true;
    }

    /// <summary>What is done at the end is done whatever fails; a signal ends what runs by then and what would come behind it.</summary>
    public void RunAtExit(ServerOptions options)
    {
        if (Await(options, HookStage.AtExit) is { } failure)
            context.Log.Warning("{Failure}", failure);
    }

    /// <summary>While hooks run: a stop ends them.</summary>
    public void Receive(int signal)
    {
        if (signal is not (Signals.Terminate or Signals.Interrupt or Signals.Quit))
        {
            _later.Add(signal);
            return;
        }
        context.Log.Information("Stopping ({Signal})", Signals.Name(signal));
        IsStopped = true;
        _present?.Cancel();
    }

    private string? Await(ServerOptions options, HookStage stage)
    {
        string? failure = null;
        _present = HookRun.Start(context, options, stage, why => failure = why);
        context.Loop.Run(() => !_present.IsRunning);
        return failure;
    }

    private bool Skips(ServerOptions options, HookStage stage)
    {
        if (stage != HookStage.AsRoot || Credentials.CurrentUser == 0)
            return false;
        foreach (var hook in options.Hooks.Where(static hook => hook.Stage == HookStage.AsRoot))
            context.Log.Warning("{Source}: {Setting} does not run: this is not root", hook.Setting.Source.ToString(), hook.Setting.ToString());
        return true;
    }
}
