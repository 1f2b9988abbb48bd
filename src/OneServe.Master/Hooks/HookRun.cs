using OneServe.Configuration;
using OneServe.Master.Start;
using OneServe.Posix;

namespace OneServe.Master.Hooks;

/// <summary>The hooks of one stage, one after the other, each in a process of its own. The loop goes on meanwhile, without a limit of time.</summary>
internal sealed class HookRun
{
    private const string Shell = "/bin/sh";
    private const int ShellNotFound = 127;
    private const int ShellNotExecutable = 126;
    private const int LifelineDescriptor = 3;

    /// <summary>Between TERM and KILL. Shorter than what the server's end waits for what it has killed.</summary>
    private static readonly TimeSpan CancelTime = TimeSpan.FromSeconds(1);

    private readonly MasterContext _context;
    private readonly ServerOptions _options;
    private readonly Queue<HookOptions> _rest;
    private readonly bool _isBound;
    private readonly bool _asUser;
    private readonly Action<string?> _ended;
    private string? _directory;
    private int _pid;

    private HookRun(MasterContext context, ServerOptions options, HookStage stage, Action<string?> ended)
    {
        (_context, _options, _ended) = (context, options, ended);
        _rest = new Queue<HookOptions>(options.Hooks.Where(hook => hook.Stage == stage));
        _isBound = stage >= HookStage.PreApplication;
        _asUser = stage >= HookStage.AsUser;
        _directory = _isBound ? options.Application.Directory?.Value ?? context.Hooks.Directory : context.Hooks.Directory;
    }

    /// <summary>What runs, for people; null: nothing.</summary>
    public string? Present { get; private set; }

    /// <summary>It has been told to end.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>True until it has told its end.</summary>
    public bool IsRunning { get; private set; } = true;

    /// <summary>Begins; from the main thread only.</summary>
    /// <param name="context">Shared parts.</param>
    /// <param name="options">Its hooks and its application's environment.</param>
    /// <param name="stage">Which of the hooks.</param>
    /// <param name="ended">
    /// Called once, with null or with what is wrong; before this returns if nothing takes time. Also called after <see cref="Cancel"/>.
    /// </param>
    public static HookRun Start(MasterContext context, ServerOptions options, HookStage stage, Action<string?> ended)
    {
        var run = new HookRun(context, options, stage, ended);
        run.Next();
        return run;
    }

    /// <summary>TERM for what runs and all that it has started, KILL a little later; what has not begun does not begin.</summary>
    public void Cancel()
    {
        if (!IsRunning || IsCancelled)
            return;
        IsCancelled = true;
        _rest.Clear();
        int pid = _pid;
        ProcessCalls.KillGroup(pid, Signals.Terminate);
        _context.Loop.Timers.After(CancelTime, () =>
        {
            if (_pid == pid)
                ProcessCalls.KillGroup(pid, Signals.Kill);
        });
    }

    private void Next()
    {
        while (_rest.TryDequeue(out var hook))
        {
            switch (hook.Action)
            {
                case HookAction.Print:
                    _context.Log.Information("{Text}", hook.Argument);
                    break;
                case HookAction.SetVariable:
                    _context.Hooks.Variables.Add(hook.Setting with { Value = hook.Argument });
                    break;
                case HookAction.ChangeDirectory:
                    _directory = Path.Combine(_directory ?? Environment.CurrentDirectory, hook.Argument);
                    if (!_isBound)
                        _context.Hooks.Directory = _directory;
                    break;
                default:
                    StartProcess(hook);
                    return;
            }
        }
        End(null);
    }

    private void StartProcess(HookOptions hook)
    {
        bool isCommand = hook.Action is HookAction.Execute or HookAction.ExecuteSafely;
        _context.Log.Information("Running `{Hook}` ({Source})", hook.Setting.ToString(), hook.Setting.Source.ToString());
        Present = $"`{hook.Setting}` ({hook.Setting.Source})";
        SysResult pid;
        try
        {
            using var life = _context.HookLifeline.NewEnd();
            pid = _context.Children.Start(
                _asUser ? _context.Identity.Drop : null,
                isCommand ? Shell : ProcessTitles.Executable,
                isCommand ? [Shell, "-c", hook.Argument] : HookActions.Arguments(hook),
                ApplicationEnvironment.Of(_options, _context.Hooks.Variables),
                [new(_context.Nothing.Number, 0), new(1, 1), new(2, 2), new(life.Number, LifelineDescriptor)],
                status => Exited(hook, status),
                _directory,
                LifelineDescriptor);
        }
        catch (SystemCallException error)
        {
            pid = SysResult.Failed(error.Errno);
        }
        _pid = pid.IsError ? 0 : pid.Int;
        if (pid.IsError)
            End($"{hook.Setting.Source}: {hook.Setting}: it could not be started: {pid}.");
    }

    private void Exited(HookOptions hook, ExitStatus status)
    {
        _pid = 0;
        Present = null;
        if (IsCancelled)
        {
            End($"{hook.Setting.Source}: {hook.Setting}: it was ended");
        }
        else if (status.IsSuccess)
        {
            Next();
        }
        else if (hook.Action == HookAction.ExecuteSafely || hook.Stage is HookStage.AtExit or HookStage.Accepting or HookStage.FirstAccepting)
        {
            _context.Log.Warning("{Failure}", Explain(hook, status));
            Next();
        }
        else
        {
            End(Explain(hook, status));
        }
    }

    private string Explain(HookOptions hook, ExitStatus status)
    {
        string head = $"{hook.Setting.Source}: {hook.Setting}: ";
        if (_directory is not null && status.Code == ExitCodes.DirectoryFailed && !Directory.Exists(_directory))
            return head + $"the directory {_directory} cannot be entered.";
        if (hook.Action is not (HookAction.Execute or HookAction.ExecuteSafely))
            return head + (status.Signal == 0 ? Errno.Describe(status.Code) : $"it was {status}") + ".";
        return head + $"the command {(status.Signal == 0 ? "" : "was ")}{status}" + status.Code switch
        {
            ShellNotFound => ": the shell has not found a program. Write its whole path, or set PATH: `env = PATH=…`.",
            ShellNotExecutable => ": a program in it may not be executed by this user.",
            _ => ". What it wrote stands above.",
        };
    }

    private void End(string? failure)
    {
        IsRunning = false;
        _ended(failure);
    }
}
