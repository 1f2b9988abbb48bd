using OneServe.Configuration;
using OneServe.Master;
using OneServe.Master.Commands;
using OneServe.Master.Start;
using Serilog.Core;

namespace OneServe;

/// <summary>The master's role, from the command line on.</summary>
internal static class CommandLine
{
    private const int StandardError = 2;

    public static int Run(MasterRestart start)
    {
        string[] arguments = start.Arguments;
        if (TryFindCommand(arguments, out string command, out string target))
            return CommandClient.Run(command, target, static text => StandardErrorSink.Write($"oneserve: {text}\n"));
        var loaded = Load(arguments);
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
        MasterProcess.HearSignals();
        string? title = loaded.Options?.Attributes.Titles.OfMaster;
        if (loaded.Options is { Daemon: not null } && !start.IsRestarted)
            return start.RunInBackground(loaded.Options);
        start.MakeRoom(title);
        start.ShowTitle(title);
        var terminal = new Terminal(loaded.Options?.Daemon, start.ReadinessPipe);
        using var log = StandardErrorSink.CreateLogger(terminal.Write);
        Tell(loaded.Diagnostics, log);
        var told = loaded.Diagnostics.ToHashSet();
        if (loaded.Options is null)
            return ExitCodes.StartFailed;
        return MasterProcess.Run(new MasterSetup
        {
            Options = loaded.Options,
            OpenLog = terminal.OpenLog,
            ShowProgress = terminal.IsWatched ? terminal.Show : null,
            ReadConfiguration = () => Read(arguments, log, told),
            EncodeSettings = static options => SettingsCodec.Encode(options.Settings),
            Log = log,
            ShowBanner = banner =>
            {
                terminal.Write(InBold(banner));
                terminal.Release();
            },
        });
    }

    /// <summary>`reload PIDFILE`, or as uWSGI has it `--reload PIDFILE` and `--reload=PIDFILE`; `stop` likewise.</summary>
    private static bool TryFindCommand(string[] arguments, out string command, out string target)
    {
        (command, target) = ("", "");
        string[] words = arguments is [var only] && only.StartsWith("--", StringComparison.Ordinal) ? only.Split('=', 2) : arguments;
        if (words is not [var name, var operand])
            return false;
        (command, target) = (name.StartsWith("--", StringComparison.Ordinal) ? name[2..] : name, operand);
        return CommandClient.Names.Contains(command);
    }

    private static LoadResult Load(string[] arguments)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
            environment[(string)variable.Key] = (string?)variable.Value ?? "";
        return ConfigurationLoader.Load(arguments, environment);
    }

    /// <summary>For a reload: what is wrong is the reason of the refusal, so only remarks are told here, and only those that are new.</summary>
    private static ConfigurationReading Read(string[] arguments, Logger log, HashSet<Diagnostic> told)
    {
        var loaded = Load(arguments);
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
