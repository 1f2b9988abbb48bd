using OneServe.Configuration;
using OneServe.Master.Processes;
using OneServe.Master.Start;
using OneServe.Posix;

namespace OneServe.Master.Preflight;

/// <summary>A program that runs to its end, or to a deadline, as the user of the application and with its environment.</summary>
internal static class ApplicationProcess
{
    private const int LongestOutput = 1 << 20;

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
        using var nothing = Descriptors.OpenNothing();
        var request = new SpawnRequest(
            ProcessTitles.Executable,
            ExecShim.Arguments(identity.Drop, ProcessCalls.Id, command[0], command),
            ApplicationEnvironment.Build(ApplicationEnvironment.Inherited(), options.Application.Environment),
            [new(nothing.Number, 0), new(output.Number, 1), new(output.Number, 2), .. descriptors]);
        var ended = ShortProcess.Run(request, limit, ShortProcess.Reap, static () => false);
        string text = ShortProcess.TextOf(output);
        return new Outcome(ended.Status, text.Length > LongestOutput ? text[^LongestOutput..] : text, ended.Problem);
    }
}
