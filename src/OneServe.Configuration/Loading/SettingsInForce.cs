using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>Picks the settings out of everything that was read: placeholders and overridden values fall away, mistakes are told.</summary>
internal sealed class SettingsInForce(ConfigurationReader reader, IConfigurationHost host, DiagnosticList diagnostics)
{
    private readonly SettingNormalizer _normalizer = new(host, diagnostics);
    private readonly List<Statement> _unknown = [];
    private readonly Dictionary<OptionSupport, List<Statement>> _withoutEffect = [];
    private long _characters;

    /// <summary>What is no option, once the settings have been collected. A value that cannot be expanded is left out.</summary>
    public ImmutableArray<Setting> Placeholders()
    {
        var found = ImmutableArray.CreateBuilder<Setting>();
        long room = StatementList.MaxCharacters - _characters;
        foreach (Statement statement in _unknown)
        {
            if (room > 0 && reader.Expander.TryExpand(statement.Value) is { } value)
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
        TellWithoutEffect(OptionSupport.NotYet, "accepted without effect so far");
        TellWithoutEffect(OptionSupport.NotNeeded, "accepted, but not needed here");
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
            _normalizer.WorkingDirectory = _normalizer.Normalize(Expand(statement), option).FirstOrDefault()?.Value ?? host.CurrentDirectory;
        }
    }

    private IEnumerable<Setting> Settle(Statement statement, OptionDefinition option)
    {
        if (option.Support == OptionSupport.Refused)
        {
            diagnostics.Error($"`{statement.Key}` is not supported: {Lower(option.Summary)}", statement.Source);
            return [];
        }

        if (option.Kind == OptionKind.Language)
        {
            return [];
        }

        if (option.Support is OptionSupport.NotYet or OptionSupport.NotNeeded)
        {
            if (!_withoutEffect.TryGetValue(option.Support, out List<Statement>? list))
            {
                _withoutEffect[option.Support] = list = [];
            }

            list.Add(statement);
        }

        return _normalizer.Normalize(Expand(statement), option);
    }

    private Statement Expand(Statement statement)
    {
        // Each value is bounded, and so is their number; their product is not.
        if (_characters > StatementList.MaxCharacters)
        {
            return statement;
        }

        string value = reader.Expander.Expand(statement.Value, statement.ValueSource);
        _characters += value.Length;
        if (_characters > StatementList.MaxCharacters)
        {
            diagnostics.Error($"the configuration grows beyond {StatementList.MaxCharacters / 1024 / 1024} MiB when it is expanded", statement.ValueSource);
        }

        return statement with { Value = value };
    }

    private void TellWithoutEffect(OptionSupport support, string what)
    {
        if (_withoutEffect.TryGetValue(support, out List<Statement>? statements))
        {
            IEnumerable<string> names = statements.GroupBy(statement => statement.Key).Select(group => $"{group.Key} ({Place(group.First())})");
            diagnostics.Notice($"{what}: {string.Join(", ", names)}", statements[0].Source);
        }
    }

    private void TellUnknown(Statement statement)
    {
        if (reader.Declared.Contains(statement.Key))
        {
            return;
        }

        string? hint = Hint(statement.Key);
        // The environment is shared with other programs: what it holds beyond our options is not the configuration's fault.
        if (reader.Strict is { } strict && statement.Source != EnvironmentOptions.Source)
        {
            diagnostics.Error($"unknown option `{statement.Key}` (strict since {strict})", statement.Source, hint ?? "placeholders are set by set-placeholder");
        }
        else if (hint is not null && !reader.Expander.Referenced.Contains(statement.Key))
        {
            diagnostics.Warning($"unknown option `{statement.Key}` has no effect", statement.Source, hint);
        }
    }

    private static string? Hint(string key)
    {
        int blank = key.IndexOf(' ');
        if (blank > 0 && OptionTable.Find(key[..blank]) is not null)
        {
            return $"an = is missing after `{key[..blank]}`";
        }

        return OptionSuggestion.For(key) is { } suggestion ? $"did you mean `{suggestion}`?" : null;
    }

    private static string Place(Statement statement) => statement.Source.ToString();

    private static string Lower(string summary) => char.ToLowerInvariant(summary[0]) + summary[1..];
}
