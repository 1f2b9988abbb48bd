using System.Text;
using OneServe.Configuration;
using OneServe.Master.Processes;
using OneServe.Posix;

namespace OneServe.Master.Start;

/// <summary>
/// Runs the commands in a configuration's values (`@(exec://COMMAND)`) for one reading: by `/bin/sh -c`, as the user, in the directory and with the
/// environment of the server itself. What they write to standard error goes where the server's own goes.
/// </summary>
public sealed class ValueCommands
{
    private const int StandardError = 2;
    private const int LifelineDescriptor = 3;

    /// <summary>For all of them together: a reload waits, and a worker that dies meanwhile waits for its successor.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Func<int, ExitStatus?> _endOf;
    private TimeSpan _left = Limit;

    /// <param name="endOf">How a child has ended; null: it has not.</param>
    internal ValueCommands(Func<int, ExitStatus?> endOf) => _endOf = endOf;

    /// <summary>For a start: nobody else waits for children yet.</summary>
    public static ValueCommands ForStart() => new(ShortProcess.Reap);

    /// <summary>Runs one. Never throws. Call on the main thread: the kernel's parent-death signal follows the thread.</summary>
    /// <param name="command">As a shell takes it.</param>
    /// <param name="limit">Bytes of its output; more is an error.</param>
    /// <returns>What it has written to standard output, or why that cannot be had.</returns>
    public FileContent Run(string command, int limit)
    {
        if (_left <= TimeSpan.Zero)
            return new FileContent(default, "it was not run: those before it have taken too long");
        try
        {
            return RunNow(command, limit);
        }
        catch (IOException error)
        {
            // Out of descriptors or memory: a reload is refused for it, and what runs goes on.
            return new FileContent(default, $"it cannot be run: {ScarceResources.Explain(error) ?? error.Message}");
        }
    }

    private FileContent RunNow(string command, int limit)
    {
        using var output = MemoryFile.Create("oneserve-value");
        using var errors = MemoryFile.Create("oneserve-value-errors");
        using var nothing = Descriptors.OpenNothing();
        using var life = new Lifeline();
        using var end = life.NewEnd();
        var request = new SpawnRequest(
            ProcessTitles.Executable,
            ExecShim.Arguments(null, ProcessCalls.Id, "/bin/sh", ["/bin/sh", "-c", command], lifeline: LifelineDescriptor),
            ApplicationEnvironment.Inherited(),
            [new(nothing.Number, 0), new(output.Number, 1), new(errors.Number, 2), new(end.Number, LifelineDescriptor)]);
        long began = TimeProvider.System.GetTimestamp();
        var outcome = ShortProcess.Run(request, _left, _endOf, () => IsLonger(output, limit) || IsLonger(errors, limit));
        _left = outcome.IsOutOfTime ? TimeSpan.Zero : _left - TimeProvider.System.GetElapsedTime(began);
        string words = ShortProcess.TextOf(errors).Trim();
        bool isTooLong = IsLonger(output, limit);
        string? problem = outcome switch
        {
            { Problem: { } reason } => $"it cannot be run: {reason}",
            { IsOutOfTime: true } => $"it was killed: a configuration's commands have {Limit.TotalSeconds} seconds together",
            _ when isTooLong => $"it writes more than {limit / 1024} KiB",
            { Status: null } => $"it writes more than {limit / 1024} KiB to standard error",
            { Status: { Signal: > 0 } status } => $"it was {status}",
            { Status: { IsSuccess: false } status } => $"it {status}",
            _ => null,
        };
        if (problem is null)
        {
            Forward(words);
            return new FileContent(ShortProcess.BytesOf(output), null);
        }
        int lastLine = words.LastIndexOf('\n');
        if (lastLine > 0)
            Forward(words[..lastLine]);
        string last = words[(lastLine + 1)..];
        return new FileContent(default, last.Length > 0 ? $"{problem}: {last}" : problem);
    }

    private static bool IsLonger(SafeDescriptor file, int limit)
        => !FileStatusCalls.Read(file.Number, out var status).IsError && status.Size > limit;

    private static void Forward(string words)
    {
        if (words.Length == 0)
            return;
        var rest = Encoding.UTF8.GetBytes(words + "\n").AsSpan();
        while (!rest.IsEmpty && Descriptors.Write(StandardError, rest) is { IsError: false } written)
            rest = rest[written.Int..];
    }
}
