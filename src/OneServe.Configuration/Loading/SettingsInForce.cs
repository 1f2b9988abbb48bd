using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>Picks the settings out of everything that was read: placeholders and overridden values fall away, mistakes are told.</summary>
internal sealed class SettingsInForce(ConfigurationReader reader, IConfigurationHost host, DiagnosticList diagnostics, bool isDetailed = false)
{
    /// <summary>Unknown names that are compared with all options: no more would be read, and each comparison takes time.</summary>
    private const int MaxHints = 500;

    private readonly SettingNormalizer _normalizer = new(host, diagnostics);
    private readonly List<Statement> _unknown = [];
    private readonly EffectRemarks _remarks = new(diagnostics, isDetailed);
    private long _characters;
    private int _hints;
    private bool _isDirectoryDeferred;

    /// <summary>What is no option, once the settings have been collected. A value that cannot be expanded is left out.</summary>
    public ImmutableArray<Setting> Placeholders()
    {
        var found = ImmutableArray.CreateBuilder<Setting>();
        long room = StatementList.MaxCharacters - _characters;
        foreach (Statement statement in _unknown)
        {
            if (room > 0 && reader.Expander.TryExpand(statement).Value is { } value)
            {
                found.Add(new Setting(statement.Key, value, statement.Source));
                room -= value.Length;
            }
        }

        return found.ToImmutable();
    }

    public ImmutableArray<Setting> Collect()
    {
        List<(Statement Statement, OptionDefinition Option)> known = [];
        foreach (Statement statement in reader.Statements.Items)
        {
            if (OptionTable.Find(statement.Key) is { } option)
            {
                known.Add((statement, option));
            }
            else
            {
                _unknown.Add(statement);
            }
        }

        List<(Statement Statement, OptionDefinition Option)> last = WithoutOverridden(known);
        ApplyWorkingDirectory(last);
        ImmutableArray<Setting> settings = [.. last.SelectMany(entry => Settle(entry.Statement, entry.Option))];
        _normalizer.TellComments();
        _remarks.Tell();
        foreach (Statement statement in _unknown)
        {
            TellUnknown(statement);
        }

        return settings;
    }

    /// <summary>Of an option that is not repeatable the last mention counts; the others are not even checked.</summary>
    private static List<(Statement Statement, OptionDefinition Option)> WithoutOverridden(List<(Statement Statement, OptionDefinition Option)> known)
    {
        Dictionary<string, Statement> last = [];
        foreach ((Statement statement, OptionDefinition option) in known)
        {
            last[option.Name] = statement;
        }

        return [.. known.Where(entry => entry.Option.Repeatable || ReferenceEquals(last[entry.Option.Name], entry.Statement))];
    }

    /// <summary>`chdir` comes first wherever it is written: other paths begin there.</summary>
    private void ApplyWorkingDirectory(List<(Statement Statement, OptionDefinition Option)> entries)
    {
        foreach ((Statement statement, OptionDefinition option) in entries.Where(entry => entry.Option.Name == "chdir"))
        {
            Expansion expansion = Expand(statement, option);
            _isDirectoryDeferred = expansion.IsDeferred;
            Setting? directory = expansion.Value is { } value ? _normalizer.Normalize(statement with { Value = value }, option).FirstOrDefault() : null;
            _normalizer.WorkingDirectory = directory?.Value ?? host.CurrentDirectory;
        }
    }

    private IEnumerable<Setting> Settle(Statement statement, OptionDefinition option)
    {
        if (option.Support == OptionSupport.Refused)
        {
            diagnostics.Error($"`{statement.Key}` is not supported: {Sentence.Lower(option.Summary)}", statement.Source, option.Advice);
            return [];
        }

        if (option.Kind == OptionKind.Language)
        {
            return [];
        }

        _remarks.Note(statement, option);
        Expansion expansion = Expand(statement, option);
        if (expansion.IsDeferred || (_isDirectoryDeferred && IsBelowDirectory(expansion.Value, option)))
        {
            return [new Setting(option.Name, statement.Value, statement.Source) { IsDeferred = true }];
        }

        return expansion.Value is { } value ? _normalizer.Normalize(statement with { Value = value }, option) : [];
    }

    private static bool IsBelowDirectory(string? path, OptionDefinition option) =>
        option is { Kind: OptionKind.FilePath, Origin: PathOrigin.WorkingDirectory } && path is not null && !path.StartsWith('/');

    private Expansion Expand(Statement statement, OptionDefinition option)
    {
        // Each value is bounded, and so is their number; their product is not.
        if (_characters > StatementList.MaxCharacters)
        {
            return new Expansion(statement.Value);
        }

        Expansion expansion = reader.Expander.Expand(statement, option.HasOwnVariables);
        _characters += expansion.Value?.Length ?? 0;
        if (_characters > StatementList.MaxCharacters)
        {
            diagnostics.Error($"the configuration grows beyond {StatementList.MaxCharacters / 1024 / 1024} MiB when it is expanded", statement.ValueSource);
        }

        return expansion;
    }

    private void TellUnknown(Statement statement)
    {
        // Nearly all unknown names are placeholders in use: only for the others it is worth while to look what was meant.
        if (reader.Declared.Contains(statement.Key) || (reader.Strict is null && reader.Expander.Referenced.Contains(statement.Key)))
        {
            return;
        }

        string? hint = ++_hints > MaxHints ? null : Hint(statement.Key);
        // The environment is shared with other programs: what it holds beyond our options is not the configuration's fault.
        if (reader.Strict is { } strict && statement.Source != EnvironmentOptions.Source)
        {
            diagnostics.Error($"unknown option `{statement.Key}` (strict since {strict})", statement.Source, hint ?? "placeholders are set by set-placeholder");
        }
        else if (hint is not null)
        {
            diagnostics.Warning($"unknown option `{statement.Key}` has no effect", statement.Source, hint);
        }
    }

    private static string? Hint(string key)
    {
        if (key.Length == 0)
        {
            return "the name before the = is missing";
        }

        if (key.Length == 2 && key[0] == '-' && OptionTable.Find(key[1]) is { } option)
        {
            return $"letters are for the command line: did you mean `{option.Name}`?";
        }

        int blank = key.IndexOf(' ');
        string name = (blank < 0 ? key : key[..blank]).TrimStart('-');
        if ((blank > 0 || name.EndsWith(':')) && OptionTable.Find(name.TrimEnd(':')) is not null)
        {
            return $"an = is missing after `{name.TrimEnd(':')}`";
        }

        return CommonMistake.Hint(key) is { } mistake ? mistake : OptionSuggestion.For(key) is { } suggestion ? $"did you mean `{suggestion}`?" : null;
    }
}
