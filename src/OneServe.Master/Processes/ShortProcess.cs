using System.Text;
using OneServe.Posix;

namespace OneServe.Master.Processes;

/// <summary>A program that runs to its end, or to a limit, while this process waits.</summary>
internal static class ShortProcess
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    /// <summary>How it ended.</summary>
    /// <param name="Status">Null: it was killed at a limit, or could not be started.</param>
    /// <param name="IsOutOfTime">The limit was that of time.</param>
    /// <param name="Problem">Why it could not be started; null when it ran.</param>
    public readonly record struct Outcome(ExitStatus? Status, bool IsOutOfTime, string? Problem);

    /// <summary>Runs it. Call on the main thread: the kernel's parent-death signal follows the thread.</summary>
    /// <param name="request">The process.</param>
    /// <param name="limit">Time.</param>
    /// <param name="endOf">How a child has ended; null: it has not. <see cref="Reap"/>, unless somebody else waits for children.</param>
    /// <param name="isTooMuch">Asked all the time: has it done more than it may?</param>
    public static Outcome Run(SpawnRequest request, TimeSpan limit, Func<int, ExitStatus?> endOf, Func<bool> isTooMuch)
    {
        var pid = Spawn.Start(request);
        if (pid.IsError)
            return new Outcome(null, false, Errno.Describe(pid.Errno));
        long began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < limit && !isTooMuch())
        {
            if (endOf(pid.Int) is { } status)
                return new Outcome(status, false, null);
            Thread.Sleep(Poll);
        }
        bool isOutOfTime = !isTooMuch();
        // It leads a session of its own: what it has started goes with it.
        ProcessCalls.KillGroup(pid.Int, Signals.Kill);
        while (endOf(pid.Int) is null)
            Thread.Sleep(Poll);
        return new Outcome(null, isOutOfTime, null);
    }

    /// <summary>Takes the exit status of a child, if it has ended.</summary>
    public static ExitStatus? Reap(int pid) => ProcessCalls.TryReap(pid, out var status) ? status : null;

    /// <summary>All that was written to a file in memory.</summary>
    public static byte[] BytesOf(SafeDescriptor file) => File.ReadAllBytes($"/proc/self/fd/{file.Number}");

    /// <summary>The same as text.</summary>
    public static string TextOf(SafeDescriptor file) => Encoding.UTF8.GetString(BytesOf(file));
}
