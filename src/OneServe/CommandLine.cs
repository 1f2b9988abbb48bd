using OneServe.Configuration;
using OneServe.Master;
using OneServe.Master.Commands;
using OneServe.Master.Start;
using OneServe.Posix;
using Serilog.Core;

namespace OneServe;

/// <summary>The master's role, from the command line on.</summary>
internal static class CommandLine
{
    private const int StandardError = 2;

    public static int Run(MasterRestart start)
    {
        string[] arguments = start.Arguments;
        if (FindCommand(arguments) is var (command, target))
            return target is null ? PidFileIsMissing(arguments[0]) : CommandClient.Run(command, target, TellUser);
        if (ConfigurationCommands.Find(arguments) is { } run)
            return run();
        if (arguments is ["--help" or "-h" or "help", var subject])
            return Help(subject);
        if (arguments is [var asked] && asked.StartsWith("--help=", StringComparison.Ordinal))
            return Help(asked["--help=".Length..]);
        // It may start the program over: before commands of the configuration are run.
        MasterProcess.HearSignals();
        var loaded = Load(arguments, ValueCommands.ForStart());
        switch (loaded.Command)
        {
            case StartCommand.Help:
                Console.Out.Write(HelpText.Create());
                return ExitCodes.Success;
            case StartCommand.Usage:
                StandardErrorSink.Write(HelpText.Usage);
                return ExitCodes.StartFailed;
            case StartCommand.Version:
                Console.Out.WriteLine($"oneserve {ProductVersion.Text}");
                return ExitCodes.Success;
        }
        string? title = loaded.Options?.Attributes.Titles.OfMaster;
        if (loaded.Options is { Daemon: not null } && !start.IsRestarted)
            return start.RunInBackground(loaded.Options);
        start.MakeRoom(title);
        start.ShowTitle(title);
        var terminal = new Terminal(loaded.Options?.Daemon, start.ReadinessPipe);
        using var log = StandardErrorSink.CreateLogger(terminal.Write, loaded.Options?.Log.DateForm);
        Tell(loaded.Diagnostics, log);
        var told = loaded.Diagnostics.ToHashSet();
        if (loaded.Options is null)
            return FallBack(loaded, arguments, ExitCodes.StartFailed, log);
        if (loaded.Options.ShowsConfiguration)
            StandardErrorSink.Write(EffectiveConfiguration.Describe(loaded.Options));
        int exitCode = MasterProcess.Run(new MasterSetup
        {
            Options = loaded.Options,
            KeepTerminal = terminal.Keep,
            ShowProgress = terminal.IsWatched ? terminal.Show : null,
            ReadConfiguration = commands => Read(arguments, commands, log, told),
            EncodeSettings = static options => SettingsCodec.Encode(options.Settings),
            Log = log,
            ShowBanner = banner =>
            {
                terminal.Write(InBold(banner));
                terminal.Release();
            },
        });
        return exitCode is ExitCodes.StartFailed or ExitCodes.ApplicationFailed ? FallBack(loaded, arguments, exitCode, log) : exitCode;
    }

    /// <summary>`fallback-config`: becomes a server with that file, once.</summary>
    private static int FallBack(LoadResult loaded, string[] arguments, int exitCode, Logger log)
    {
        if (loaded.Understood?.FallbackConfiguration is not { } fallback || arguments is [var only] && only == fallback.Value)
            return exitCode;
        log.Warning("The start has failed: `{Setting}` ({Source}) takes its place", fallback.ToString(), fallback.Source.ToString());
        var failed = ProcessCalls.Execute("/proc/self/exe", [Environment.GetCommandLineArgs()[0], fallback.Value]);
        log.Error("It could not be started: {Reason}", failed.ToString());
        return exitCode;
    }

    private static int Help(string subject)
    {
        if (HelpText.About(subject) is { } text)
        {
            Console.Out.Write(text);
            return ExitCodes.Success;
        }
        StandardErrorSink.Write($"oneserve: {HelpText.Unknown(subject)}");
        return ExitCodes.StartFailed;
    }

    /// <summary>`reload PIDFILE`, or as uWSGI has it `--reload PIDFILE` and `--reload=PIDFILE`; the other commands likewise. Null: none of them.</summary>
    private static (string Command, string? Target)? FindCommand(string[] arguments)
    {
        string[] words = arguments is [var only] && only.StartsWith("--", StringComparison.Ordinal) ? only.Split('=', 2) : arguments;
        if (words is not [var name, .. { Length: <= 1 } operands])
            return null;
        string command = name.StartsWith("--", StringComparison.Ordinal) ? name[2..] : name;
        return CommandClient.Names.Contains(command) ? (command, operands.FirstOrDefault()) : null;
    }

    private static int PidFileIsMissing(string word)
    {
        TellUser($"a pidfile is missing: oneserve {word} site.pid");
        return ExitCodes.StartFailed;
    }

    private static void TellUser(string text) => StandardErrorSink.Write($"oneserve: {text}\n");

    private static LoadResult Load(string[] arguments, ValueCommands commands)
        => ConfigurationLoader.Load(arguments, ConfigurationCommands.ReadEnvironment(), new SystemConfigurationHost(commands.Run));

    /// <summary>For a reload: what is wrong is the reason of the refusal, so only remarks are told here, and only those that are new.</summary>
    private static ConfigurationReading Read(string[] arguments, ValueCommands commands, Logger log, HashSet<Diagnostic> told)
    {
        var loaded = Load(arguments, commands);
        Tell(loaded.Diagnostics.Where(item => item.Severity != DiagnosticSeverity.Error && told.Add(item)), log);
        return new ConfigurationReading(
            loaded.Options,
            [.. loaded.Diagnostics.Where(static item => item.Severity == DiagnosticSeverity.Error).Select(Text)]);
    }

    private static void Tell(IEnumerable<Diagnostic> diagnostics, Logger log)
    {
        foreach (var diagnostic in diagnostics)
        {
            switch (diagnostic.Severity)
            {
                case DiagnosticSeverity.Error:
                    log.Error("{Text}", Text(diagnostic));
                    break;
                case DiagnosticSeverity.Warning:
                    log.Warning("{Text}", Text(diagnostic));
                    break;
                default:
                    log.Information("{Text}", Text(diagnostic));
                    break;
            }
        }
    }

    private static string Text(Diagnostic diagnostic)
        => $"{diagnostic.Source}: {diagnostic.Message}{(diagnostic.Hint is null ? "" : $" ({diagnostic.Hint})")}";

    /// <summary>The title in bold where somebody looks at a terminal.</summary>
    private static string InBold(string banner)
    {
        bool styled = Mono.Unix.Native.Syscall.isatty(StandardError) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        int title = banner.IndexOf("OneServe", StringComparison.Ordinal);
        int end = title < 0 ? -1 : banner.IndexOf('\n', title);
        return styled && end > 0 ? $"{banner[..title]}\e[1m{banner[title..end]}\e[0m{banner[end..]}" : banner;
    }
}
