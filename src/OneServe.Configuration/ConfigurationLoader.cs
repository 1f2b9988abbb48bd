using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>
/// From a command line to typed options: environment, arguments and files are read in order, then values are expanded, normalized and bound.
/// </summary>
public static class ConfigurationLoader
{
    /// <summary>Largest file, in bytes.</summary>
    public const int MaxFileSize = ConfigurationReader.MaxFileSize;

    /// <summary>Reads a configuration. Whatever the user wrote, this does not throw: what is wrong is in the diagnostics.</summary>
    /// <param name="arguments">The command line without the executable's name.</param>
    /// <param name="environment">Environment variables: those named `UWSGI_…` are options, all can be used in `$(…)`.</param>
    /// <param name="host">The machine; null: the real one.</param>
    /// <param name="isDetailed">Tell of each option that does nothing here in a sentence of its own.</param>
    public static LoadResult Load(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, IConfigurationHost? host = null, bool isDetailed = false)
    {
        host ??= new SystemConfigurationHost();
        var diagnostics = new DiagnosticList();
        var commandLine = new CommandLine(host, diagnostics);
        IReadOnlyList<Statement> statements = commandLine.Parse(arguments);
        if (commandLine.Command != StartCommand.Serve)
        {
            return new LoadResult(commandLine.Command, null, []);
        }

        IReadOnlyList<Statement> inherited = [.. EnvironmentOptions.Read(environment)];
        if (arguments.Count == 0 && !inherited.Any(statement => OptionTable.Find(statement.Key) is not null))
        {
            return new LoadResult(StartCommand.Usage, null, []);
        }

        var reader = new ConfigurationReader(environment, host, diagnostics);
        foreach (Statement statement in inherited.Concat(statements))
        {
            reader.Apply(statement);
        }

        reader.EndOfText();
        reader.ReadInherited();
        reader.TellPrints();
        var inForce = new SettingsInForce(reader, host, diagnostics, isDetailed);
        ImmutableArray<Setting> settings = inForce.Collect();
        var activation = SocketActivation.Of(environment, host.ProcessId);
        settings = activation.Complete(settings);
        ServerOptions options = new SettingsBinder(diagnostics).Bind(DeferredSettings.Without(settings)) with
        {
            Settings = settings,
            Placeholders = inForce.Placeholders(),
            MagicVariables = reader.MagicVariables,
        };
        if (!diagnostics.HasErrors && !reader.IsIncomplete)
        {
            Completeness.Check(options, activation, diagnostics);
        }

        return new LoadResult(StartCommand.Serve, diagnostics.HasErrors ? null : options, diagnostics.ToImmutable()) { Understood = options };
    }
}
