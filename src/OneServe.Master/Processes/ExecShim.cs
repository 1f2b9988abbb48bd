using System.Globalization;
using Mono.Unix.Native;
using OneServe.Posix;

namespace OneServe.Master.Processes;

/// <summary>
/// The short life between the master and a child: takes on credentials, asks to die with the parent, then becomes the program. What
/// posix_spawn(3) cannot do, done in a process of our own, for 4 ms at each start.
/// </summary>
public static class ExecShim
{
    private const string Separator = "--";

    /// <summary>The shim's arguments (argv[0] included) for running <paramref name="program"/> with <paramref name="arguments"/> (argv[0] included).</summary>
    /// <param name="credentials">Null: stay who we are.</param>
    /// <param name="parent">Pid of the process that must still be the parent.</param>
    /// <param name="program">Path of the program.</param>
    /// <param name="arguments">The program's own argument vector.</param>
    /// <param name="directory">Where it runs; null: where the parent does.</param>
    /// <param name="lifeline">A descriptor whose end ends the program's process group; null: its parent's death alone ends it.</param>
    internal static List<string> Arguments(
        Credentials? credentials, int parent, string program, IReadOnlyList<string> arguments, string? directory = null, int? lifeline = null)
    {
        var line = new List<string> { ProcessTitles.Shim, Invariant($"parent={parent}") };
        if (credentials is not null)
        {
            line.Add(Invariant($"uid={credentials.UserId}"));
            line.Add(Invariant($"gid={credentials.GroupId}"));
            line.Add("groups=" + string.Join(',', credentials.Groups));
        }
        if (directory is not null)
            line.Add("directory=" + directory);
        if (lifeline is { } descriptor)
            line.Add(Invariant($"lifeline={descriptor}"));
        line.Add(Separator);
        line.Add(program);
        line.AddRange(arguments);
        return line;
    }

    /// <summary>Runs the shim; returns only when it failed, with the exit code.</summary>
    /// <param name="arguments">What <see cref="Arguments"/> made, without argv[0].</param>
    public static int Run(string[] arguments)
    {
        int separator = Array.IndexOf(arguments, Separator);
        if (separator < 0 || separator + 2 >= arguments.Length)
            return ExitCodes.NotFound;
        var settings = arguments.Take(separator).Select(static setting => setting.Split('=', 2)).ToDictionary(static pair => pair[0], static pair => pair[1]);
        string program = arguments[separator + 1];
        string[] command = arguments[(separator + 2)..];

        if (settings.TryGetValue("uid", out string? uid))
        {
            uint[] groups = [.. settings["groups"].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Number)];
            if (new Credentials(Number(uid), Number(settings["gid"]), groups).Assume().IsError)
                return ExitCodes.CredentialsFailed;
        }
        if (settings.TryGetValue("directory", out string? directory) && Syscall.chdir(directory) != 0)
            return ExitCodes.DirectoryFailed;
        if (settings.TryGetValue("lifeline", out string? lifeline))
            Descriptors.SignalGroup((int)Number(lifeline), ProcessCalls.Id, Signals.Kill);
        // After the credentials, whose change clears it; then the look whether the parent went before.
        ProcessCalls.SetParentDeathSignal(Signals.Kill);
        if (ProcessCalls.ParentId != Number(settings["parent"]))
            return ExitCodes.ParentGone;
        ProcessCalls.ResetSignals();
        return ProcessCalls.Execute(program, command).Errno == Posix.Errno.ENOENT ? ExitCodes.NotFound : ExitCodes.NotExecutable;
    }

    private static uint Number(string text) => uint.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
