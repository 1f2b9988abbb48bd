using OneServe.Configuration;
using OneServe.Master.ApplicationSignals;
using OneServe.Master.Processes;
using OneServe.Master.Start;
using OneServe.Posix;

namespace OneServe.Master;

/// <summary>The process that has imported the application and forks the workers.</summary>
/// <param name="context">Shared parts.</param>
/// <param name="generation">Its number.</param>
/// <param name="options">The configuration.</param>
/// <param name="python">The interpreter.</param>
/// <param name="loadAgain">What workers load before they are ready.</param>
/// <param name="owner">Who is told.</param>
internal sealed class Prototype(
    MasterContext context, int generation, ServerOptions options, string python, LoadAgain loadAgain, Prototype.IOwner owner)
{
    private ControlSocket? _control;
    private ApplicationFailure? _failure;
    private bool _isTold;
    private long _started;

    /// <summary>Who is told what the prototype does.</summary>
    internal interface IOwner
    {
        /// <summary>It has said `modules`, `ignored` or `late`.</summary>
        void TakeModules(ControlMessage message);

        void PrototypeIsReady(IReadOnlyDictionary<string, string> facts);

        /// <param name="line">The worker's first line.</param>
        /// <param name="pid">Its process.</param>
        void PrototypeForked(int line, int pid);

        /// <summary>The application said something of signals, or asks for something, while it was imported.</summary>
        void PrototypeAsks(ControlMessage message);

        /// <summary>It has gone.</summary>
        /// <param name="failure">Why it did not come up; null when it had been ready.</param>
        /// <param name="how">How it ended, for people.</param>
        void PrototypeEnded(ApplicationFailure? failure, string how);
    }

    public int Pid { get; private set; }

    /// <summary>True from its `ready` to its end.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Starts the process. A failure to start is reported like a death.</summary>
    public void Start()
    {
        IsReady = _isTold = false;
        _failure = null;
        _started = context.Clock.GetTimestamp();
        try
        {
            StartProcess();
        }
        catch (SystemCallException error)
        {
            // Out of descriptors or memory. Not from within Start: the owner is not done with it.
            context.Loop.Post(() => End($"could not be started: {ScarceResources.Explain(error) ?? error.Message}"));
        }
    }

    /// <summary>True when its present process was started so long ago.</summary>
    public bool HasLivedFor(TimeSpan time) => Pid != 0 && context.Clock.GetElapsedTime(_started) >= time;

    private void StartProcess()
    {
        var (ours, theirs) = ControlSocket.Pair();
        _control = ours;
        context.Loop.Add(ours, Received, static () => { });
        using (theirs)
        using (var image = SealedMemory.CreateReadOnly("oneserve-python", PrototypeImage.Build(options, generation, context.Started, loadAgain)))
        using (var life = context.Lifeline.NewEnd())
        {
            var pid = context.Children.Start(
                context.Identity.Drop,
                python,
                [python, "-c", PrototypeImage.Boot],
                ApplicationEnvironment.Of(options, context.Hooks.Variables),
                [
                    new(context.Nothing.Number, 0), new(1, 1), new(2, 2), new(theirs.Number, 3), new(image.Number, 4), new(life.Number, 5),
                    .. context.ApplicationMemory.For(options)
                        .Select(static (source, index) => new DescriptorMapping(source, UwsgiModule.FirstDescriptor + index)),
                ],
                Exited);
            if (pid.IsError)
                throw new SystemCallException("fork", pid.Errno);
            Pid = pid.Int;
        }
    }

    public void Send(string message, ReadOnlySpan<int> descriptors) => _control?.Send(message, descriptors);

    /// <summary>While it imports: it writes where its main thread is.</summary>
    public void ShowStack()
    {
        if (Pid != 0 && !IsReady)
            ThreadSignals.Send(Pid, Pid, Worker.StackSignal);
    }

    /// <summary>Takes what it has reported up to now.</summary>
    public void ReadReports()
    {
        if (_control is not null)
            context.Loop.Drain(_control);
    }

    /// <summary>Tells it to go. One that still imports the application does not listen, and has nothing to finish.</summary>
    public void Dismiss()
    {
        if (!IsReady)
        {
            Kill();
            return;
        }
        _isTold = true;
        _control?.Send("exit");
    }

    public void Kill()
    {
        _isTold = true;
        Children.Kill(Pid);
    }

    /// <summary>SIGKILL for a process that hangs; its end is reported as any other.</summary>
    public void End() => Children.Kill(Pid);

    private void Received(ControlMessage message)
    {
        message.CloseDescriptors();
        switch (message.Verb)
        {
            case "ready":
                IsReady = true;
                owner.PrototypeIsReady(Facts(message.Text));
                break;
            case "failed":
                _failure = new ApplicationFailure(message.Words.FirstOrDefault() ?? "internal", message.Text);
                break;
            case "pid":
                owner.PrototypeForked((int)message.Number(0), (int)message.Number(1));
                break;
            case "modules" or "ignored" or "late":
                owner.TakeModules(message);
                break;
            case "warn":
                context.Log.Warning("{Text}", message.Text);
                break;
            case var verb when ApplicationRequests.Know(verb):
                owner.PrototypeAsks(message);
                break;
            default:
                context.Log.Warning("The prototype said something unknown: {Verb}", message.Verb);
                break;
        }
    }

    private static Dictionary<string, string> Facts(string text)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in text.Split('\n'))
        {
            if (line.IndexOf('=') is > 0 and var at)
                facts[line[..at]] = line[(at + 1)..];
        }
        return facts;
    }

    private void Exited(ExitStatus status)
    {
        ReadReports();
        if (status.Code == ExitCodes.NotFound && !IsReady)
            _failure ??= ApplicationFailure.Unusable($"{python} was not found");
        if (status.Code == ExitCodes.NotExecutable && !IsReady)
            _failure ??= ApplicationFailure.Unusable($"{python} may not be executed by the user of the application");
        string how = status.Code switch
        {
            ExitCodes.CredentialsFailed => "could not take on the user and group of `uid` and `gid`",
            _ => status.ToString(),
        };
        if (!_isTold && IsReady)
            context.Log.Warning("The prototype (pid {Pid}) {How}: it is built anew, the workers go on", Pid, how);
        End(how);
    }

    private void End(string how)
    {
        bool wasReady = IsReady;
        IsReady = false;
        Pid = 0;
        if (_control is not null)
        {
            context.Loop.Remove(_control);
            _control.Dispose();
            _control = null;
        }
        owner.PrototypeEnded(wasReady ? null : _failure ?? ApplicationFailure.Ended("the Python process", how), how);
    }
}
