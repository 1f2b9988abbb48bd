using OneServe.Application;
using OneServe.Master.ApplicationSignals;
using OneServe.Master.Processes;
using OneServe.Master.States;
using OneServe.Posix;

namespace OneServe.Master;

/// <summary>A worker's seat in its generation: number and scoreboard lines stay, processes come and go (<see cref="WorkerStates"/>).</summary>
internal sealed partial class Worker(MasterContext context, Generation generation, int number, int line, int slots)
{
    private readonly StateMachine<WorkerState, WorkerEvent, WorkerAction> _machine = new(WorkerStates.Table, WorkerState.Parked);
    private readonly RestartThrottle _throttle = new(context.Clock);
    /// <summary>For what a process that cannot serve has left to do.</summary>
    private static readonly TimeSpan TimeAfterFailure = TimeSpan.FromSeconds(5);

    private SafeDescriptor[] _links = [];
    private SafeDescriptor? _queue;
    private ControlSocket? _control;
    private IDisposable? _refill;
    private bool _isDue = true;

    /// <summary>A line's count goes on from seat to seat.</summary>
    private readonly ulong _before = Requests(context, line, slots);

    public WorkerState State => _machine.State;

    /// <summary>0: no process, or its pid is not known yet.</summary>
    public int Pid { get; private set; }

    public int Line => line;

    /// <summary>Since the seat was taken, by all its processes.</summary>
    public ulong RequestsAnswered => Requests(context, line, slots) - _before;

    /// <summary>How it ended, when its last process ended before it was ready; for the message of a failed start.</summary>
    public string LastEnd { get; private set; } = "";

    /// <summary>What it said in `failed`; null when it said nothing.</summary>
    public ControlMessage? Failure { get; private set; }

    /// <summary>Makes the reply links of the gateway's current epoch and gives it its ends.</summary>
    public void AnnounceSlots()
    {
        CloseLinks();
        if (generation.HasOwnQueues)
        {
            AnnounceQueue();
            return;
        }
        for (int slot = 0; slot < slots; slot++)
        {
            var (ours, theirs) = SocketPairs.Stream();
            _links = [.. _links, ours];
            using (theirs)
                generation.Pool.AddSlot(line + slot, number, slot, theirs);
        }
    }

    /// <summary>Without the gateway: the worker takes what is queued and then reads the end.</summary>
    public void EndQueue()
    {
        if (_queue is not null)
            SocketPairs.EndReading(_queue);
    }

    /// <summary>A worker that serves many requests at a time has one link, and a queue for itself; the gateway takes back what it does not take.</summary>
    private void AnnounceQueue()
    {
        var (ours, theirs) = SocketPairs.Stream();
        _links = [ours];
        using (theirs)
        {
            var (queue, end) = GatewayPool.NewQueue();
            _queue = end;
            using (queue)
                generation.Pool.AddWorker(line, number, generation.Options.Gevent.Requests, theirs, queue, end);
        }
    }

    /// <summary>A new epoch's queue is there.</summary>
    public void EnterEpoch()
    {
        if (State is WorkerState.Leaving or WorkerState.Gone)
            return;
        AnnounceSlots();
        Take(WorkerEvent.NewEpoch);
    }

    /// <summary>Forks when a process is due and the prototype can.</summary>
    public void ForkIfDue()
    {
        if (_isDue && generation.CanFork)
            Take(WorkerEvent.ForkDue);
    }

    /// <summary>It is no longer needed: it goes when it has finished what it has.</summary>
    public void Dismiss() => Take(WorkerEvent.Dismissed);

    /// <summary>Its time to go has passed.</summary>
    public void Kill()
    {
        Take(WorkerEvent.Dismissed);
        Take(WorkerEvent.DeadlinePassed);
    }

    /// <summary>The prototype has reported the pid.</summary>
    public void PidIsKnown(int pid)
    {
        // The prototype runs the application's code: its word is no proof.
        if (Pid != 0 || !context.Children.MayBeAdopted(pid))
        {
            context.Log.Error("The prototype named process {Pid} as worker {Number}, which it is not", pid, number);
            return;
        }
        Pid = pid;
        context.Children.Adopt(pid, Exited);
        Take(WorkerEvent.PidKnown);
        // Killed before it could be: the deadline has passed while the pid was on its way.
        if (generation.IsKilled)
            Children.Kill(pid);
    }

    private void Take(WorkerEvent happened)
    {
        switch (_machine.Take(happened))
        {
            case WorkerAction.Fork:
                Fork();
                break;
            case WorkerAction.ReportReady:
                BecameReady();
                break;
            case WorkerAction.ReportFailure:
                generation.WorkerFailed(this);
                break;
            case WorkerAction.Join:
                _control?.Send($"join {generation.Pool.Epoch}", SocketNumbers());
                break;
            case WorkerAction.SendExit:
                _control?.Send("exit");
                break;
            case WorkerAction.AskToLeave:
                AskToLeave();
                break;
            case WorkerAction.Kill:
                Children.Kill(Pid);
                break;
            case WorkerAction.BuryAndRefill:
                Bury();
                Refill();
                break;
            case WorkerAction.Bury:
                Bury();
                _refill?.Dispose();
                generation.WorkerIsGone(this);
                break;
        }
    }

    private void Fork()
    {
        _isDue = false;
        LastEnd = "";
        Failure = null;
        _throttle.Started();
        LimitStart();
        try
        {
            if (_links.Length == 0)
                AnnounceSlots();
            AskForProcess();
        }
        catch (SystemCallException error)
        {
            // Out of descriptors or memory: as a process that dies at once, so it is tried again.
            LostBeforeKnown("could not be forked: " + (ScarceResources.Explain(error) ?? error.Message));
        }
    }

    private void AskForProcess()
    {
        var (ours, theirs) = ControlSocket.Pair();
        _control = ours;
        context.Loop.Add(ours, Received, ControlEnded);
        using (theirs)
        using (var life = context.Lifeline.NewEnd())
        {
            // A refusal needs no answer here: nobody has the other end then, and our end tells so.
            generation.SendToPrototype(
                $"fork {line} {slots} {generation.Pool.Epoch} {number}",
                [theirs.Number, life.Number, .. context.Memory.All, .. SocketNumbers()]);
        }
    }

    private void Received(ControlMessage message)
    {
        message.CloseDescriptors();
        switch (message.Verb)
        {
            case "ready":
                Take(WorkerEvent.BecameReady);
                break;
            case "failed":
                Failure = message;
                Take(WorkerEvent.Failed);
                _deadline ??= context.Loop.Timers.After(TimeAfterFailure, () => Take(WorkerEvent.DeadlinePassed));
                break;
            case "eof":
                Take(message.Number(0) < generation.Pool.Epoch ? WorkerEvent.EndOfOldQueue : WorkerEvent.EndOfNewestQueue);
                break;
            case "shown":
                _shown = (ulong)message.Number(0);
                break;
            case "worn":
                Wear(message.Words.FirstOrDefault() ?? "", message.Number(1));
                break;
            case "modules" or "ignored" or "late":
                generation.TakeModules(message);
                break;
            case "handled":
                SignalsDue = Math.Max(0, SignalsDue - 1);
                break;
            case var verb when ApplicationRequests.Know(verb):
                ApplicationAsks(message);
                break;
            case "bye":
                Take(WorkerEvent.Bye);
                break;
            default:
                context.Log.Warning("Worker {Number} said something unknown: {Verb}", number, message.Verb);
                break;
        }
    }

    private void ControlEnded()
    {
        if (Pid == 0)
            generation.ReadReports();
        if (Pid != 0)
            return;     // its exit status tells the rest
        LostBeforeKnown("could not be forked");
    }

    private void LostBeforeKnown(string how)
    {
        LastEnd = how;
        bool wasForking = State == WorkerState.Forking;
        Take(WorkerEvent.Lost);
        if (wasForking)
            generation.WorkerFailed(this);
    }

    private void Exited(ExitStatus status)
    {
        if (_control is { IsClosed: false } control)
            context.Loop.Drain(control);
        bool early = State is WorkerState.Starting;
        bool served = State is WorkerState.Ready;
        bool expected = State is WorkerState.Leaving && (status.IsSuccess || Failure is not null || generation.IsKilled || _stuck.Count > 0);
        // A successor has been asked for already, and comes whatever became of this one.
        bool wanted = generation.WantsWorkers && _successor is null && !_isSurplus;
        LastEnd = status.ToString();
        if (expected)
            context.Log.Debug("Worker {Number} (pid {Pid}) has left", number, Pid);
        else
            context.Log.Warning("Worker {Number} (pid {Pid}) {How}{Next}", number, Pid, LastEnd, wanted ? ": it is replaced" : "");
        Take(wanted ? WorkerEvent.DiedWanted : WorkerEvent.DiedUnwanted);
        if (early)
            generation.WorkerFailed(this);
        else if (served)
            generation.WorkerDied();
    }

    /// <summary>Tells the gateway which requests died with the process, and prepares the lines for the next one.</summary>
    private void Bury()
    {
        if (_control is not null)
        {
            context.Loop.Remove(_control);
            _control.Dispose();
            _control = null;
        }
        Pid = 0;
        ForgetSignals();
        ForgetLeaving();
        for (int slot = line; slot < line + slots; slot++)
        {
            // The id is read before the line is reused.
            if (_links.Length > 0)
                generation.Pool.TellDead(slot, context.Memory.Board[slot, SlotWord.Taken]);
            context.Memory.Reset(slot);
        }
        CloseLinks();
    }

    private void Refill()
    {
        _refill?.Dispose();
        var rest = _throttle.Died();
        generation.WorkerRests(rest);
        _refill = context.Loop.Timers.After(rest, () =>
        {
            _isDue = true;
            ForkIfDue();
        });
    }

    private static ulong Requests(MasterContext context, int line, int slots)
    {
        ulong sum = 0;
        for (int slot = line; slot < line + slots; slot++)
            sum += context.Memory.Board[slot, SlotWord.Requests];
        return sum;
    }

    private int[] SocketNumbers() => [_queue?.Number ?? generation.Pool.Queue, .. _links.Select(static link => link.Number)];

    private void CloseLinks()
    {
        foreach (var link in _links)
            link.Dispose();
        _links = [];
        _queue?.Dispose();
        _queue = null;
    }
}
