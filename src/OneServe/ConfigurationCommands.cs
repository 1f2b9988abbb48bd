using OneServe.Configuration;
using OneServe.Master;
using OneServe.Master.Preflight;

namespace OneServe;

/// <summary>`oneserve check FILE` and `oneserve config FILE`: a configuration is read, and nothing is started.</summary>
internal static class ConfigurationCommands
{
    private const string JsonSwitch = "--json";
    private const string LoadSwitch = "--load";
    private const string DjangoSwitch = "--django";

    private static readonly string[] Switches = [JsonSwitch, LoadSwitch, DjangoSwitch];

    /// <summary>The command that the arguments ask for; null when they ask for another thing.</summary>
    public static Func<int>? Find(string[] arguments) => arguments switch
    {
        ["check", .. var rest] => () => Check(rest),
        ["config", .. var rest] => () => Config(rest),
        _ => null,
    };

    /// <summary>The environment of this process.</summary>
    public static Dictionary<string, string> ReadEnvironment()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
            environment[(string)variable.Key] = (string?)variable.Value ?? "";
        return environment;
    }

    private static int Check(string[] arguments)
    {
        if (!TryLoad([.. arguments.Except(Switches)], out var loaded))
            return ExitCodes.StartFailed;
        var request = new CheckRequest(arguments.Contains(LoadSwitch), arguments.Contains(DjangoSwitch));
        var findings = SiteCheck.Run(loaded, request);
        Console.Out.Write(arguments.Contains(JsonSwitch) ? FindingJson.Write(findings) : new FindingReport(ReadLines).Write(findings));
        return findings.Any(static item => item.Severity == DiagnosticSeverity.Error) ? ExitCodes.StartFailed : ExitCodes.Success;
    }

    private static int Config(string[] arguments)
    {
        if (!TryLoad(arguments, out var loaded))
            return ExitCodes.StartFailed;
        bool hasErrors = loaded.Diagnostics.Any(static item => item.Severity == DiagnosticSeverity.Error);
        // A warning often tells how the error has come about.
        if (hasErrors)
        {
            Diagnostic[] told = [.. loaded.Diagnostics.Where(static item => item.Severity != DiagnosticSeverity.Notice)];
            StandardErrorSink.Write(new FindingReport(ReadLines).Write(told));
        }
        if (loaded.Understood is { } options)
            Console.Out.Write(EffectiveConfiguration.Describe(options));
        return hasErrors ? ExitCodes.StartFailed : ExitCodes.Success;
    }

    private static bool TryLoad(string[] arguments, out LoadResult loaded)
    {
        loaded = ConfigurationLoader.Load(arguments, ReadEnvironment(), isDetailed: true);
        if (loaded.Command == StartCommand.Serve)
            return true;
        StandardErrorSink.Write(HelpText.Usage);
        return false;
    }

    private static IReadOnlyList<string> ReadLines(string file)
    {
        var content = new SystemConfigurationHost().Read(Path.GetFullPath(file), ConfigurationLoader.MaxFileSize);
        return content.Failure is null ? System.Text.Encoding.UTF8.GetString(content.Bytes.Span).Split('\n') : [];
    }
}
