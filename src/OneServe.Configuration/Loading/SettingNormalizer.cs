using System.Globalization;

namespace OneServe.Configuration;

/// <summary>
/// Turns expanded statements into settings that mean the same everywhere: canonical names, absolute paths, no comments behind values.
/// What needs the file system is decided here, so that binding the settings needs nothing but them.
/// </summary>
internal sealed class SettingNormalizer(IConfigurationHost host, DiagnosticList diagnostics)
{
    private readonly List<Setting> _commented = [];

    /// <summary>Where paths relative to `chdir` begin; absolute.</summary>
    public string WorkingDirectory { get; set; } = host.CurrentDirectory;

    /// <summary>The settings that a statement stands for: one, several when a pattern matches several paths, none after an error.</summary>
    public IEnumerable<Setting> Normalize(Statement statement, OptionDefinition option)
    {
        if (option.Support is OptionSupport.NotYet or OptionSupport.NotNeeded)
        {
            return [Make(statement, option, statement.Value)];
        }

        if (statement.Value.Length == 0 && option.Kind != OptionKind.Flag && !option.ValueOptional)
        {
            diagnostics.Error($"`{statement.Key}` needs a value", statement.Source, $"{statement.Key} = {option.Placeholder}");
            return [];
        }

        WarnAboutLeftovers(statement, option);
        string? value = option.Kind switch
        {
            OptionKind.Flag => Boolean(statement, option),
            OptionKind.Integer => Integer(statement, option),
            OptionKind.Octal => Octal(statement),
            OptionKind.Mask => Mask(statement),
            OptionKind.Name => WithoutComment(statement),
            OptionKind.Address => Address(statement),
            OptionKind.Map => Map(statement),
            OptionKind.FilePath => AbsolutePath(statement, statement.Value, option),
            OptionKind.LogTarget => LogAddress.Parse(statement.Value) is null ? AbsolutePath(statement, statement.Value, option) : statement.Value,
            _ => statement.Value,
        };
        if (value is null)
        {
            return [];
        }

        if (option.Name == "env-file")
        {
            return EnvironmentFile.Read(host, value, statement, diagnostics) ?? [];
        }

        return option is { Kind: OptionKind.FilePath, Repeatable: true } && Glob.IsPattern(value) && host.GetPathKind(value) == PathKind.Missing
            ? Glob.Match(host, value).Select(path => Make(statement, option, path))
            : [Make(statement, option, value)];
    }

    /// <summary>Tells in one line which values had comments behind them: files with one such comment often have many.</summary>
    public void TellComments()
    {
        if (_commented.Count > 0)
        {
            string values = string.Join(", ", _commented.Select(setting => $"`{setting}` ({setting.Source})"));
            diagnostics.Notice($"what follows # or ; is taken as a comment: {values}", _commented[0].Source);
        }
    }

    private static Setting Make(Statement statement, OptionDefinition option, string value) => new(option.Name, value, statement.Source);

    private string Boolean(Statement statement, OptionDefinition option)
    {
        (bool value, string? comment) = OptionValue.ParseBoolean(statement.Value);
        string text = value ? "true" : "false";
        if (comment is not null)
        {
            NoteComment(statement, text, comment);
        }
        else if (!OptionValue.IsPlainBoolean(statement.Value))
        {
            diagnostics.Warning($"`{statement}` is taken as true", statement.ValueSource, "write true or false");
        }

        if (!value && option.Support == OptionSupport.AlwaysSo)
        {
            diagnostics.Notice($"`{statement.Key}` cannot be switched off: {Sentence.Lower(option.Summary)}", statement.Source);
        }

        return text;
    }

    private string? Integer(Statement statement, OptionDefinition option)
    {
        if (statement.Value.Length == 0)
        {
            return "1";
        }

        if (OptionValue.ParseInteger(statement.Value) is not { } parsed)
        {
            // keepalive = true and the like: a number that may be left out is also a flag, and what has no effect is not worth an error.
            if (option.Support == OptionSupport.AlwaysSo || (option.ValueOptional && OptionValue.IsPlainBoolean(statement.Value)))
            {
                return statement.Value;
            }

            // uWSGI takes such a word for 0, with which the log has nothing more: no reason not to start.
            if (option.Section == OptionSection.Logging && OptionValue.IsPlainBoolean(statement.Value))
            {
                diagnostics.Warning($"`{statement}` has no effect: it takes a number", statement.ValueSource, $"{statement.Key} = {option.Placeholder}");
                return null;
            }

            string what = char.IsAsciiDigit(statement.Value[0]) ? "a number without a unit: " : "";
            string hint = LeftoverHint(statement.Value) ?? $"{what}{statement.Key} = {option.Placeholder}";
            diagnostics.Error($"`{statement.Key}` needs a whole number, not `{statement.Value}`", statement.ValueSource, hint);
            return null;
        }

        string text = parsed.Value.ToString(CultureInfo.InvariantCulture);
        NoteComment(statement, text, parsed.Comment);
        return text;
    }

    private string? Octal(Statement statement)
    {
        if (statement.Value.Length == 0)
        {
            return "666";
        }

        if (OptionValue.ParseMode(statement.Value) is not { } parsed)
        {
            string message = $"`{statement.Key}` needs a mode of three or four octal digits, not `{statement.Value}`";
            diagnostics.Error(message, statement.ValueSource, LeftoverHint(statement.Value) ?? $"{statement.Key} = 660");
            return null;
        }

        string text = Convert.ToString(parsed.Value, 8).PadLeft(3, '0');
        NoteComment(statement, text, parsed.Comment);
        return text;
    }

    private string? Mask(Statement statement)
    {
        if (OptionValue.ParseMask(statement.Value) is not { } parsed)
        {
            string message = $"`{statement.Key}` needs a mask of octal digits, not `{statement.Value}`";
            diagnostics.Error(message, statement.ValueSource, LeftoverHint(statement.Value) ?? $"{statement.Key} = 022");
            return null;
        }

        string text = Convert.ToString(parsed.Value, 8).PadLeft(3, '0');
        NoteComment(statement, text, parsed.Comment);
        return text;
    }

    private string WithoutComment(Statement statement)
    {
        (string text, string? comment) = OptionValue.SplitComment(statement.Value);
        NoteComment(statement, text, comment);
        return text;
    }

    private string? Address(Statement statement)
    {
        ListenAddress.Result result = ListenAddress.Parse(WithoutComment(statement), WorkingDirectory);
        if (result.Problem is null)
        {
            return result.Address;
        }

        diagnostics.Error($"`{statement}`: {result.Problem}", statement.ValueSource, LeftoverHint(statement.Value) ?? result.Hint);
        return null;
    }

    private string? Map(Statement statement)
    {
        int equals = statement.Value.IndexOf('=');
        string prefix = equals < 0 ? "" : statement.Value[..equals].TrimEnd();
        string path = statement.Value[(equals + 1)..].TrimStart();
        if (prefix.Length == 0 || path.Length == 0)
        {
            diagnostics.Error($"`{statement.Key}` needs a prefix and a path", statement.ValueSource, $"{statement.Key} = /static=/srv/site/static");
            return null;
        }

        string slashed = prefix.StartsWith('/') ? prefix : $"/{prefix}";
        return $"{slashed}={AbsolutePath(statement, path, OptionTable.Find("static-map")!)}";
    }

    /// <summary>A trailing comment is one only when there is nothing at the path taken to the letter: file names may contain anything.</summary>
    private string AbsolutePath(Statement statement, string path, OptionDefinition option)
    {
        string directory = option.Origin == PathOrigin.StartDirectory ? host.CurrentDirectory : WorkingDirectory;
        string verbatim = ConfigurationPath.Join(directory, path);
        (string text, string? comment) = OptionValue.SplitComment(path);
        if (comment is null || host.GetPathKind(verbatim) != PathKind.Missing)
        {
            return verbatim;
        }

        diagnostics.Notice($"`{statement.Key}` is understood as `{text}`, and `{comment}` as a comment", statement.ValueSource);
        return ConfigurationPath.Join(directory, text);
    }

    private void NoteComment(Statement statement, string understood, string? comment)
    {
        if (comment is not null)
        {
            _commented.Add(new Setting(statement.Key, understood, statement.Source));
        }
    }

    private void WarnAboutLeftovers(Statement statement, OptionDefinition option)
    {
        if (IsQuoted(statement.Value))
        {
            if (option.Kind is OptionKind.Name or OptionKind.FilePath or OptionKind.Map or OptionKind.LogTarget)
            {
                string message = $"the quotes around the value of `{statement.Key}` are taken as a part of it";
                diagnostics.Warning(message, statement.ValueSource, $"{statement.Key} = {statement.Value[1..^1]}");
            }

            return;
        }

        bool mayHoldAnything = option.Kind is OptionKind.Text or OptionKind.Integer or OptionKind.Octal or OptionKind.Mask or OptionKind.Address;
        if (!mayHoldAnything && LeftoverHint(statement.Value) is { } hint)
        {
            diagnostics.Warning($"`{statement.Key}` still contains a variable: `{statement.Value}`", statement.ValueSource, hint);
        }
    }

    private static bool IsQuoted(string value) => value.Length > 2 && value[0] is '"' or '\'' && value[^1] == value[0];

    /// <summary>What a value has in it that was to be replaced, or left out.</summary>
    private static string? LeftoverHint(string value)
    {
        if (IsQuoted(value))
        {
            return $"quotes are a part of the value: write {value[1..^1]}";
        }

        if (value.Contains("{{", StringComparison.Ordinal) && value.Contains("}}", StringComparison.Ordinal))
        {
            return "{{…}} is of a template: the file has not been rendered";
        }

        int shell = value.IndexOf("${", StringComparison.Ordinal);
        if (shell >= 0)
        {
            return value.IndexOf('}', shell) is > 0 and var end ? $"the environment variable {value[(shell + 2)..end]} is not set" : "a } is missing";
        }

        int at = value.IndexOf("$(", StringComparison.Ordinal);
        at = at >= 0 ? at : value.IndexOf("%(", StringComparison.Ordinal);
        int close = at < 0 ? -1 : value.IndexOf(')', at);
        if (close < 0)
        {
            return null;
        }

        string name = value[(at + 2)..close];
        return value[at] == '$' ? $"the environment variable {name} is not set" : $"nothing is called {name}";
    }
}
