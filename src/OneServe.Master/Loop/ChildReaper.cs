using System.Collections.Concurrent;
using OneServe.Posix;

namespace OneServe.Master.Loop;

/// <summary>
/// One thread that waits for every child there is, orphans that the kernel gave us included, and hands each exit to the loop.
/// </summary>
/// <remarks>
/// Instead of SIGCHLD: with a handler for it (or a use of System.Diagnostics.Process) the runtime calls waitpid(2) itself and takes
/// statuses away.
/// </remarks>
internal sealed class ChildReaper(EventLoop loop, Action<int, ExitStatus> reaped)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<int, ExitStatus?> _onTheirWay = new();
    private readonly AutoResetEvent _childStarted = new(false);

    /// <summary>Its end has been seen, and not been told yet.</summary>
    public bool IsOnItsWay(int pid) => _onTheirWay.ContainsKey(pid);

    /// <summary>Its end, until that is told; null: it has not been seen.</summary>
    public ExitStatus? EndOf(int pid) => _onTheirWay.GetValueOrDefault(pid);

    public void Start() => new Thread(Run) { IsBackground = true, Name = "reaper" }.Start();

    /// <summary>A child has been started: wait for it.</summary>
    public void ChildStarted() => _childStarted.Set();

    private void Run()
    {
        while (true)
        {
            var ended = ProcessCalls.WaitForAnyEnd();
            if (!ended.IsError)
            {
                int pid = ended.Int;
                // Before it is reaped, so that there is no moment at which nothing knows of it.
                _onTheirWay[pid] = null;
                ProcessCalls.Reap(pid, out var status);
                _onTheirWay[pid] = status;
                loop.Post(() =>
                {
                    reaped(pid, status);
                    _onTheirWay.TryRemove(pid, out _);
                });
            }
            else
            {
                // ECHILD. As PID 1 we may be given an orphan without having started anything: so look again, rarely.
                _childStarted.WaitOne(LookAgain);
            }
        }
    }
}
