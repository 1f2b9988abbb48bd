using OneServe.Application;
using OneServe.Master.Processes;
using OneServe.Master.States;
using OneServe.Posix;

namespace OneServe.Master;

/// <content>How a process is replaced: it has served its time, or one of its requests runs for too long.</content>
internal sealed partial class Worker
{
    /// <summary>The real-time signal on which a worker's thread writes its Python stack (worker.py).</summary>
    public const int StackSignal = 50;

    /// <summary>A slot that waits for a request sees its flag when it is woken; between two rounds of no-op packets.</summary>
    private static readonly TimeSpan NudgeInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>For the stack to be written.</summary>
    public static readonly TimeSpan StackTime = TimeSpan.FromMilliseconds(250);

    private readonly HashSet<int> _stuck = [];
    private Worker? _predecessor;
    private Worker? _successor;
    private IDisposable? _nudge;
    private IDisposable? _deadline;
    private IDisposable? _lifetime;
    private IDisposable? _stuckTime;
    private IDisposable? _startTime;
    private bool _mayBeKilled;
    private ulong _shown;
    private bool _isSurplus;

    public int Number => number;

    /// <summary>It has said that its time has come, or its lifetime has passed.</summary>
    public bool IsWorn { get; private set; }

    /// <summary>It can be given a successor: it serves, and has none.</summary>
    public bool CanBeSucceeded => _successor is null && State is WorkerState.Ready or WorkerState.Asking;

    /// <summary>One of those that the pool is meant to have: it does not leave for good, and is not there to relieve one that still serves.</summary>
    public bool IsCounted => State != WorkerState.Gone && !_isSurplus && !(State == WorkerState.Leaving && _successor is not null)
        && _predecessor is not { State: WorkerState.Ready or WorkerState.Asking };

    /// <summary>It has died and is not started again yet.</summary>
    public bool IsResting => State == WorkerState.Parked && !_isDue;

    /// <summary>It can be taken away at once: it serves, nobody is about to relieve it, no slot is at work, and no handler of a signal runs.</summary>
    public bool IsFree => State == WorkerState.Ready && _successor is null && SignalsDue == 0 && CountIdle() == slots;

    /// <summary>This seat takes over from that one as soon as its process is ready.</summary>
    public void Succeed(Worker predecessor)
    {
        _predecessor = predecessor;
        predecessor._successor = this;
    }

    /// <summary>
    /// It cannot take over: the one before it stays, and this one goes for good. Where that one has gone meanwhile the seat is the only one left, and is
    /// filled again as any other.
    /// </summary>
    public void StandDown()
    {
        var old = _predecessor;
        _predecessor = null;
        if (old is null || old.State is not (WorkerState.Ready or WorkerState.Asking))
            return;
        old._successor = null;
        _isSurplus = true;
        Kill();
    }

    /// <summary>There is one worker too many: it finishes what it has, and nobody follows it.</summary>
    public void Remove()
    {
        _isSurplus = true;
        if (CanBeSucceeded)
            Relieve();
        else
            Dismiss();
    }

    /// <summary>It is to take no further request and to go when it has finished what it has.</summary>
    public void Relieve() => Take(WorkerEvent.Relieved);

    /// <summary>A request has been in one of its slots for too long: the gateway has answered 504.</summary>
    public void RequestTookTooLong(int slotLine, int pid, long id, double seconds, string request)
    {
        // Another process may have come meanwhile: it has done nothing.
        if (Pid == 0 || Pid != pid)
            return;
        context.Log.Error(
            "{Request} has run for {Seconds:0.0} s in worker {Number} (pid {Pid}), longer than harakiri allows: it is answered 504 and the process is replaced. "
            + "Its Python stack:", request, seconds, number, Pid);
        ShowStack(slotLine, (ulong)id);
        var limits = generation.Options.Workers;
        if (limits.GracefulTime > TimeSpan.Zero && _stuck.Count == 0)
            context.Loop.Timers.After(StackTime, () => SignalGracefully(Pid));
        _stuck.Add(slotLine);
        _stuckTime?.Dispose();
        _stuckTime = context.Loop.Timers.After(StackTime + limits.GracefulTime, () => _mayBeKilled = true);
        generation.Replace(this);
        Relieve();
        // It may be leaving already, for another reason.
        if (_nudge is null)
            Nudge();
    }

    /// <summary>
    /// A thread writes where it is. Of many requests in one thread the worker itself knows better where each is, as long as its loop turns; when it does not,
    /// the thread is where the trouble is.
    /// </summary>
    private void ShowStack(int slotLine, ulong id)
    {
        int pid = Pid;
        int thread = (int)context.Memory.Board[slotLine, SlotWord.Thread];
        if (!generation.HasOwnQueues)
        {
            ThreadSignals.Send(pid, thread, StackSignal);
            return;
        }
        _control?.Send($"stack {id}");
        context.Loop.Timers.After(StackTime / 2, () =>
        {
            if (pid == Pid && _shown != id)
                ThreadSignals.Send(pid, thread, StackSignal);
        });
    }

    /// <summary>A process that does not become ready writes where its main thread is.</summary>
    public void ShowStack()
    {
        if (Pid != 0 && State is WorkerState.Starting)
            ThreadSignals.Send(Pid, Pid, StackSignal);
    }

    private void SignalGracefully(int pid)
    {
        if (pid == Pid && pid != 0)
            ProcessCalls.Kill(pid, generation.Options.Workers.GracefulSignal);
    }

    /// <summary>
    /// A process that hangs before it is ready is ended; one that is not even known hangs in the prototype. While the generation comes up that is the
    /// generation's own matter, with its own limit.
    /// </summary>
    private void LimitStart()
    {
        _startTime = context.Loop.Timers.After(generation.StartPatience, () =>
        {
            if (!generation.IsCurrent || State is not (WorkerState.Forking or WorkerState.Starting))
                return;
            context.Log.Error(
                "Worker {Number} (pid {Pid}) has not come up within {Seconds} s (import-timeout): it is ended. Its Python stack:",
                number, Pid, generation.StartPatience.TotalSeconds);
            ShowStack();
            _startTime = context.Loop.Timers.After(StackTime, () =>
            {
                if (Pid == 0)
                    generation.EndPrototype();
                else if (State == WorkerState.Starting)
                    Children.Kill(Pid);
            });
        });
    }

    private void BecameReady()
    {
        _startTime?.Dispose();
        _predecessor?.Relieve();
        _predecessor = null;
        var lifetime = generation.Options.Workers.LifetimeOf(number);
        if (lifetime > TimeSpan.Zero)
            _lifetime = context.Loop.Timers.After(lifetime, () => Wear($"is {lifetime.TotalSeconds} s old (max-worker-lifetime)"));
        generation.WorkerIsReady(this);
    }

    private void Wear(string why)
    {
        if (IsWorn)
            return;
        IsWorn = true;
        context.Log.Information("Worker {Number} (pid {Pid}) {Why}: it is replaced", number, Pid, why);
        generation.Replace(this);
    }

    private void Wear(string limit, long amount) => Wear(limit switch
    {
        "requests" => $"has answered {amount} requests (max-requests)",
        "rss" => $"has {amount} MiB of resident memory (reload-on-rss)",
        "as" => $"has {amount} MiB of address space (reload-on-as)",
        "descriptors" => "has no free descriptor for a request's body (ulimit -n, max-fd; does the application close what it opens?)",
        _ => "has lost a thread",
    });

    private void AskToLeave()
    {
        _control?.Send("exit");
        if (generation.HasOwnQueues)
            generation.Pool.TellToLeave(line);
        var board = context.Memory.Board;
        for (int slot = line; slot < line + slots; slot++)
            board[slot, SlotWord.Flags] = (ulong)SlotFlags.Leave;
        // Nobody waits for the seat of one that goes because fewer are needed: it may finish whatever it has taken.
        if (!_isSurplus)
            LimitLeaving();
        Nudge();
    }

    private void LimitLeaving()
    {
        var mercy = generation.Options.Workers.Mercy;
        _deadline = context.Loop.Timers.After(mercy, () =>
        {
            context.Log.Warning("Worker {Number} (pid {Pid}) has had its {Seconds} s (worker-reload-mercy): it is killed", number, Pid, mercy.TotalSeconds);
            Take(WorkerEvent.DeadlinePassed);
        });
    }

    /// <summary>The kernel wakes one idle slot for each packet, and which one is its choice: so again and again.</summary>
    private void Nudge()
    {
        if (State != WorkerState.Leaving || Pid == 0)
            return;
        if (_mayBeKilled && SignalsDue == 0 && OnlyStuckSlotsWork())
        {
            Children.Kill(Pid);
            return;
        }
        // A slot that is at work looks at its flag by itself.
        if (CountIdle() > 0)
            generation.WakeSlots();
        _nudge = context.Loop.Timers.After(NudgeInterval, Nudge);
    }

    private int CountIdle()
    {
        var board = context.Memory.Board;
        int count = 0;
        for (int slot = line; slot < line + slots; slot++)
            count += board[slot, SlotWord.Taken] == board[slot, SlotWord.Done] ? 1 : 0;
        return count;
    }

    private bool OnlyStuckSlotsWork()
    {
        var board = context.Memory.Board;
        if (generation.HasOwnQueues)
            return board[line, SlotWord.InFlight] == 0;
        for (int slot = line; slot < line + slots; slot++)
        {
            if (!_stuck.Contains(slot) && board[slot, SlotWord.Taken] != board[slot, SlotWord.Done])
                return false;
        }
        return true;
    }

    private void ForgetLeaving()
    {
        _nudge?.Dispose();
        _deadline?.Dispose();
        _deadline = null;
        _lifetime?.Dispose();
        _stuckTime?.Dispose();
        _startTime?.Dispose();
        _nudge = null;
        _stuck.Clear();
        _mayBeKilled = IsWorn = false;
    }
}
