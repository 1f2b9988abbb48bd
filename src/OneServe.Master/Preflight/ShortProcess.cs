using System.Text;
using OneServe.Configuration;
using OneServe.Master.Processes;
using OneServe.Master.Start;
using OneServe.Posix;

namespace OneServe.Master.Preflight;

/// <summary>A program that runs to its end, or to a deadline, as the user of the application and with its environment.</summary>
internal static class ShortProcess
{
    private const int LongestOutput = 1 << 20;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    /// <summary>How it ended.</summary>
    /// <param name="Status">Null: the deadline passed and it was killed, or it could not be started.</param>
    /// <param name="Output">What it wrote, on both streams together.</param>
    /// <param name="Problem">Why it could not be started; null when it ran.</param>
    public sealed record Outcome(ExitStatus? Status, string Output, string? Problem);

    /// <summary>Runs it. Call on the main thread: the kernel's parent-death signal follows the thread.</summary>
    /// <param name="options">Whose `env` and `chdir` it gets.</param>
    /// <param name="identity">Who it runs as.</param>
    /// <param name="command">The program, then its arguments.</param>
    /// <param name="descriptors">Further descriptors, from 3 on.</param>
    /// <param name="limit">Time.</param>
    public static Outcome Run(
        ServerOptions options, Identity identity, IReadOnlyList<string> command, IReadOnlyList<DescriptorMapping> descriptors, TimeSpan limit)
    {
        using var output = MemoryFile.Create("oneserve-check");
        using var nothing = new SafeDescriptor(Mono.Unix.Native.Syscall.open(
            "/dev/null", Mono.Unix.Native.OpenFlags.O_RDONLY | Mono.Unix.Native.OpenFlags.O_CLOEXEC));
        var pid = Spawn.Start(new SpawnRequest(
            ProcessTitles.Executable,
            ExecShim.Arguments(identity.Drop, ProcessCalls.Id, command[0], command),
            ApplicationEnvironment.Build(ApplicationEnvironment.Inherited(), options.Application.Environment),
            [new(nothing.Number, 0), new(output.Number, 1), new(output.Number, 2), .. descriptors]));
        if (pid.IsError)
            return new Outcome(null, "", Errno.Describe(pid.Errno));
        var status = Wait(pid.Int, limit);
        string text = File.ReadAllText($"/proc/self/fd/{output.Number}", Encoding.UTF8);
        return new Outcome(status, text.Length > LongestOutput ? text[^LongestOutput..] : text, null);
    }

    private static ExitStatus? Wait(int pid, TimeSpan limit)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < limit)
        {
            if (ProcessCalls.TryReap(pid, out var status))
                return status;
            Thread.Sleep(Poll);
        }
        // It leads a session of its own: what it has started goes with it.
        ProcessCalls.Kill(-pid, Signals.Kill);
        ProcessCalls.Reap(pid, out _);
        return null;
    }
}
