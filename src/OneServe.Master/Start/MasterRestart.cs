using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe.Master.Start;

/// <summary>
/// How a master came to be: typed by somebody, or started over by itself, to go to the background or to have room for its title. What was typed is
/// passed on, so that both read the same configuration.
/// </summary>
/// <param name="Arguments">The command line as typed, without the executable's name.</param>
/// <param name="Name">The executable's name as typed.</param>
/// <param name="ReadinessPipe">The descriptor on which somebody waits for the server to be ready; -1: nobody.</param>
/// <param name="IsRestarted">It has started itself over, and does not do so again.</param>
public sealed record MasterRestart(string[] Arguments, string Name, int ReadinessPipe, bool IsRestarted)
{
    private const int StandardError = 2;
    private const int ArgumentsOfOurs = 3;

    /// <summary>Typed by somebody.</summary>
    public static MasterRestart None(string[] arguments) => new(arguments, Environment.GetCommandLineArgs()[0], -1, IsRestarted: false);

    /// <summary>Started over: reads what <see cref="CommandLine"/> has made, without argv[0].</summary>
    public static MasterRestart Read(string[] arguments)
        => arguments.Length < ArgumentsOfOurs
            ? None(arguments)
            : new(arguments[ArgumentsOfOurs..], arguments[2], int.Parse(arguments[0], CultureInfo.InvariantCulture), IsRestarted: true);

    /// <summary>Shows the title, or for null the command line as typed.</summary>
    public void ShowTitle(string? title)
    {
        if (title is not null)
            ProcessTitle.Show(title);
        else if (IsRestarted)
            ProcessTitle.Show(string.Join('\0', [Name, .. Arguments]));
    }

    /// <summary>Executes this program once more, in this process, when its title needs more room than its command line has (4 ms).</summary>
    public void MakeRoom(string? title)
    {
        if (!IsRestarted && title is not null && Encoding.UTF8.GetByteCount(title) > ProcessTitle.Room)
            ProcessCalls.Execute(ProcessTitles.Executable, CommandLine(title, -1));
    }

    /// <summary>Starts this program once more, in a session of its own, and waits until its server is ready.</summary>
    /// <returns>One of <see cref="ExitCodes"/>: 0 as soon as it serves, else why it has ended.</returns>
    public int RunInBackground(ServerOptions options)
    {
        var (ready, theirs) = Descriptors.Pipe();
        using var nothing = Descriptors.OpenNothing();
        int pid;
        int[] sockets =
        [
            .. options.Listeners.Select(static listener => ListenAddress.Parse(listener.Setting.Value, out _)?.Descriptor).OfType<int>().Distinct()
                .Where(static socket => socket > StandardError && Descriptors.IsInherited(socket)),
        ];
        int pipe = sockets.Append(StandardError).Max() + 1;
        using (theirs)
        {
            pid = (int)Spawn.Start(new SpawnRequest(
                ProcessTitles.Executable,
                CommandLine(options.Attributes.Titles.OfMaster ?? "", pipe),
                ProcessCalls.EnvironmentList(),
                [
                    new(nothing.Number, 0), new(1, 1), new(StandardError, StandardError), new(theirs.Number, pipe),
                    .. sockets.Select(static socket => new DescriptorMapping(socket, socket)),
                ])).OrThrow("posix_spawn");
        }
        // It has a session of its own: what somebody types at the terminal does not reach it.
        using var interrupt = PassOn(PosixSignal.SIGINT, pid);
        using var terminate = PassOn(PosixSignal.SIGTERM, pid);
        using var quit = PassOn(PosixSignal.SIGQUIT, pid);
        using (ready)
        {
            if (Descriptors.Read(ready.Number, stackalloc byte[1]) is { IsError: false, Int: > 0 })
                return ExitCodes.Success;
        }
        ProcessCalls.Reap(pid, out var status);
        return status.Code != 0 ? status.Code : ExitCodes.StartFailed;
    }

    private static PosixSignalRegistration PassOn(PosixSignal signal, int pid) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        ProcessCalls.Kill(pid, Signals.Terminate);
    });

    /// <summary>The role, the pipe, room for a title, and what was typed.</summary>
    private string[] CommandLine(string title, int pipe)
        => [ProcessTitles.Master, pipe.ToString(CultureInfo.InvariantCulture), new string(' ', Encoding.UTF8.GetByteCount(title)), Name, .. Arguments];
}
