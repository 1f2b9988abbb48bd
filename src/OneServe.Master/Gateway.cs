using OneServe.Configuration;
using OneServe.Master.Processes;
using OneServe.Master.Scaling;
using OneServe.Master.Start;
using OneServe.Master.States;
using OneServe.Posix;

namespace OneServe.Master;

/// <summary>The gateway as the master sees it: one process after the other, each an epoch (<see cref="GatewayStates"/>).</summary>
internal sealed class Gateway(MasterContext context, ListenerSet listeners, Gateway.IOwner owner)
{
    /// <summary>It holds the site: after two seconds of life it is worth another start at once.</summary>
    private static readonly TimeSpan Stable = TimeSpan.FromSeconds(2);

    private readonly StateMachine<GatewayState, GatewayEvent, GatewayAction> _machine = new(GatewayStates.Table, GatewayState.Waiting);
    private readonly RestartThrottle _throttle = new(context.Clock, Stable);
    private ControlSocket? _control;
    private GatewayPulse? _pulse;
    private string _failure = "";
    private TimeSpan _drainTime;
    private bool _wasUp;

    /// <summary>Who is told what the gateway does.</summary>
    internal interface IOwner
    {
        /// <summary>A process has been started: it is to be given the generations' queues and links.</summary>
        void GatewayIsThere();

        /// <summary>It takes connections.</summary>
        void GatewayIsUp();

        /// <summary>The very first process did not come up.</summary>
        void GatewayFailed(string why);

        /// <summary>What the slot's process wrote into ring or link does not decode: that process is to be replaced.</summary>
        void WorkerSentGarbage(int line, int pid);

        /// <summary>The request with this id has been in this slot for longer than `harakiri`.</summary>
        void RequestTookTooLong(int line, int pid, long id, double seconds, string request);

        /// <summary>How many requests this generation has to do.</summary>
        void LoadReported(int generation, LoadReport report);

        /// <summary>It has gone for good, as told.</summary>
        void GatewayIsGone();
    }

    public int Pid { get; private set; }

    private GatewayPulse Pulse => _pulse ??= new GatewayPulse(context.Loop.Timers, () => Send("alive"), GiveUp);

    private TitleOptions Titles => context.Setup.Options.Attributes.Titles;

    public int Loops { get; private set; } = 1;

    public bool IsUp => _machine.State == GatewayState.Up;

    /// <summary>There is a process that messages can be sent to.</summary>
    public bool IsPresent => _control is not null;

    /// <summary>The gateway's present life, or the one to come; counted from 1. Packets of others are void.</summary>
    public long Epoch { get; private set; } = 1;

    /// <param name="loops">Its event loops, in this life and those to come.</param>
    public void Start(int loops)
    {
        Loops = loops;
        context.Memory.Publish(Epoch);
        Take(GatewayEvent.StartDue);
    }

    /// <summary>Sends a message; without a process it is dropped, since the next one is told everything anew.</summary>
    public void Send(string message, params ReadOnlySpan<int> descriptors) => _control?.Send(message, descriptors);

    public void SendListener(Listener listener)
        => Send($"listener {listener.Id} {listener.Kind} {listener.Socket.Name}", listener.Socket.Descriptor.Number);

    /// <summary>Lets it finish its connections within this time, then it exits.</summary>
    public void Stop(TimeSpan time)
    {
        _drainTime = time;
        Take(GatewayEvent.Stop);
    }

    /// <summary>Ends this life of it; the next one begins as after any death.</summary>
    public void StartOver() => Children.Kill(Pid);

    public void Kill()
    {
        Take(GatewayEvent.Stop);
        Take(GatewayEvent.DeadlinePassed);
    }

    private void Take(GatewayEvent happened)
    {
        switch (_machine.Take(happened))
        {
            case GatewayAction.Start:
                StartProcess();
                break;
            case GatewayAction.ReportUp:
                _wasUp = true;
                Pulse.Begin();
                owner.GatewayIsUp();
                break;
            case GatewayAction.ReportFailure when !_wasUp:
                owner.GatewayFailed(_failure);
                break;
            case GatewayAction.ReportFailure or GatewayAction.BeginEpoch:
                BeginEpoch();
                break;
            case GatewayAction.Drain:
                Pulse.End();
                Send($"drain {Math.Max(1, (int)_drainTime.TotalSeconds)}");
                break;
            case GatewayAction.Kill:
                Children.Kill(Pid);
                break;
            case GatewayAction.ReportGone:
                owner.GatewayIsGone();
                break;
        }
    }

    private void StartProcess()
    {
        _failure = "";
        _throttle.Started();
        try
        {
            StartWithSocket();
        }
        catch (SystemCallException error)
        {
            context.Loop.Post(() => Ended($"could not be started: {ScarceResources.Explain(error) ?? error.Message}".TrimEnd('.')));
        }
    }

    private void StartWithSocket()
    {
        var (ours, theirs) = ControlSocket.Pair();
        SysResult pid;
        using (theirs)
        {
            pid = context.Children.Start(
                context.Identity.Drop,
                ProcessTitles.Executable,
                Titles.IsPlain ? [ProcessTitles.Gateway] : [ProcessTitles.Gateway, Titles.Of(ProcessTitles.Gateway)],
                ApplicationEnvironment.Inherited(),
                [new(context.Nothing.Number, 0), new(1, 1), new(2, 2), new(theirs.Number, 3), new(context.Collector?.RequestsEnd ?? 2, 4)],
                Exited);
        }
        if (pid.IsError)
        {
            ours.Dispose();
            throw new SystemCallException("fork", pid.Errno);
        }
        Pid = pid.Int;
        _control = ours;
        context.Loop.Add(ours, Received, static () => { });
        Send($"shared {Epoch} {Loops}\n{context.Setup.Options.Log.DateForm}", context.Memory.All);
        foreach (var listener in listeners.Open)
            SendListener(listener);
        owner.GatewayIsThere();
    }

    private void Received(ControlMessage message)
    {
        message.CloseDescriptors();
        switch (message.Verb)
        {
            case "up":
                Take(GatewayEvent.BecameUp);
                break;
            case "failed":
                _failure = message.Text;
                break;
            case "alive":
                Pulse.Answered();
                break;
            case "garbage":
                owner.WorkerSentGarbage((int)message.Number(0), (int)message.Number(1));
                break;
            case "harakiri":
                owner.RequestTookTooLong((int)message.Number(0), (int)message.Number(1), message.Number(3), message.Number(2) / 1000.0, message.Text);
                break;
            case "lost":
                context.Log.Error("{Request}", message.Text);
                break;
            case "load":
                owner.LoadReported((int)message.Number(0), LoadReport.Of(message));
                break;
            case "drained":
                break;      // its exit follows
            default:
                context.Log.Warning("The gateway said something unknown: {Verb}", message.Verb);
                break;
        }
    }

    private void Exited(ExitStatus status)
    {
        if (_control is not null)
            context.Loop.Drain(_control);
        Ended(status.Code switch
        {
            ExitCodes.CredentialsFailed => "could not take on the user and group of `uid` and `gid`",
            ExitCodes.NotExecutable or ExitCodes.NotFound => "could not execute this program once more",
            _ => status.ToString(),
        });
    }

    private void Ended(string how)
    {
        if (_failure.Length == 0)
            _failure = $"The gateway {how}.";
        if (_wasUp && _machine.State is GatewayState.Starting or GatewayState.Up)
            context.Log.Error("The gateway (pid {Pid}) {How}: a new one is started on the same addresses", Pid, how);
        Pid = 0;
        Pulse.End();
        if (_control is not null)
        {
            context.Loop.Remove(_control);
            _control.Dispose();
            _control = null;
        }
        Take(GatewayEvent.Died);
    }

    private void GiveUp()
    {
        context.Log.Error("The gateway (pid {Pid}) has not answered for {Seconds} s: it is killed", Pid, GatewayPulse.Patience.TotalSeconds);
        Children.Kill(Pid);
    }

    private void BeginEpoch()
    {
        // At once, not when the next gateway starts: what the dead one has queued is for nobody.
        context.Memory.Publish(++Epoch);
        context.Loop.Timers.After(_throttle.Died(), () => Take(GatewayEvent.StartDue));
    }
}
