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

    private readonly AutoResetEvent _childStarted = new(false);

    public void Start() => new Thread(Run) { IsBackground = true, Name = "reaper" }.Start();

    /// <summary>A child has been started: wait for it.</summary>
    public void ChildStarted() => _childStarted.Set();

    private void Run()
    {
        while (true)
        {
            var result = ProcessCalls.WaitForAnyChild(out var status);
            if (!result.IsError)
            {
                int pid = result.Int;
                loop.Post(() => reaped(pid, status));
            }
            else
            {
                // ECHILD. As PID 1 we may be given an orphan without having started anything: so look again, rarely.
                _childStarted.WaitOne(LookAgain);
            }
        }
    }
}
