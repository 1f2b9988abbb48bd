using OneServe.Master.Loop;
using OneServe.Posix;
using Serilog;

namespace OneServe.Master.Processes;

/// <summary>The processes that this one answers for: starts them, and brings each exit to whoever knows the pid.</summary>
internal sealed class Children
{
    private readonly Dictionary<int, Action<ExitStatus>> _known = [];
    private readonly ChildReaper _reaper;
    private readonly ILogger _log;

    public Children(EventLoop loop, ILogger log)
    {
        _log = log;
        _reaper = new ChildReaper(loop, Exited);
        _reaper.Start();
    }

    /// <summary>Asked on an unknown pid: reports about it may wait in the prototypes' sockets.</summary>
    public Action ReadReports { get; set; } = static () => { };

    /// <summary>Called after each exit, when it has been acted upon.</summary>
    public Action AfterExit { get; set; } = static () => { };

    /// <summary>Processes of ours that have not been reaped.</summary>
    public int Count => _known.Count;

    /// <summary>
    /// Starts a program through the shim. From the main thread only: the kernel's parent-death signal follows the thread.
    /// </summary>
    /// <returns>The pid, or the errno of posix_spawn(3). That the shim failed is told by its exit code.</returns>
    public SysResult Start(
        Credentials? credentials,
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyList<string> environment,
        IReadOnlyList<DescriptorMapping> descriptors,
        Action<ExitStatus> exited,
        string? directory = null,
        int? lifeline = null)
    {
        var shim = ExecShim.Arguments(credentials, ProcessCalls.Id, program, arguments, directory, lifeline);
        var request = new SpawnRequest(ProcessTitles.Executable, shim, environment, descriptors);
        var pid = Spawn.Start(request);
        if (!pid.IsError)
            Adopt(pid.Int, exited);
        return pid;
    }

    /// <summary>A worker's pid has become known: the kernel has made it our child.</summary>
    public void Adopt(int pid, Action<ExitStatus> exited)
    {
        _known[pid] = exited;
        _reaper.ChildStarted();
    }

    /// <summary>True for a process below this one that nobody has, or that has just ended: what another process says about a pid has to be looked at.</summary>
    public bool MayBeAdopted(int pid) => !_known.ContainsKey(pid) && (ProcessCalls.IsDescendant(pid) || _reaper.IsOnItsWay(pid));

    /// <summary>How a process that nobody has adopted has ended, while the loop does not run; null: it has not.</summary>
    public ExitStatus? EndOf(int pid)
    {
        _reaper.ChildStarted();
        return _reaper.EndOf(pid);
    }

    public static void Kill(int pid)
    {
        if (pid > 0)
            ProcessCalls.Kill(pid, Signals.Kill);
    }

    private void Exited(int pid, ExitStatus status)
    {
        if (!_known.ContainsKey(pid))
            ReadReports();
        if (_known.Remove(pid, out var exited))
            exited(status);
        else
            _log.Debug("Reaped orphan {Pid}: it {Status}", pid, status.ToString());
        AfterExit();
    }
}
