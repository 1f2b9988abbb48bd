using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>
/// Carries out the language: files and what they include, conditions and loops, `set`, `strict`, `print`. What is left are options and
/// placeholders in order, unexpanded.
/// </summary>
internal sealed class ConfigurationReader
{
    /// <summary>Largest file, in bytes.</summary>
    public const int MaxFileSize = 1024 * 1024;

    /// <summary>Deepest chain of files that include each other.</summary>
    private const int MaxDepth = 32;

    private const int MaxFiles = 256;

    private const int MaxPrints = 500;

    private readonly IConfigurationHost _host;
    private readonly DiagnosticList _diagnostics;
    private readonly LogicOpeners _openers;
    private readonly OwnOptions _own;
    private readonly HashSet<string> _declared = [];
    private readonly Queue<(Statement Statement, ImmutableArray<ConfigurationFile> Files)> _inherited = new();
    private readonly List<Statement> _prints = [];
    private ImmutableArray<ConfigurationFile> _files = [];
    private ConfigurationFile? _firstFile;
    private ConfigurationFile? _lastFile;
    private LogicBlock? _block;
    private int _fileCount;
    private bool _stopped;

    public ConfigurationReader(IReadOnlyDictionary<string, string> environment, IConfigurationHost host, DiagnosticList diagnostics)
    {
        _host = host;
        _diagnostics = diagnostics;
        _own = new OwnOptions(diagnostics);
        Expander = new ValueExpander(environment, host, Statements, diagnostics);
        _openers = new LogicOpeners(environment, host, Statements, diagnostics);
    }

    public StatementList Statements { get; } = new();

    public ValueExpander Expander { get; }

    /// <summary>Where `strict` was asked for; null when it was not.</summary>
    public SourceLocation? Strict { get; private set; }

    /// <summary>Placeholders made by `set-placeholder`, which `strict` lets pass.</summary>
    public IReadOnlySet<string> Declared => _declared;

    /// <summary>A file, a condition or a loop was left out: only a start knows what it means.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>Those of the first file; none without a file.</summary>
    public ImmutableDictionary<char, string> MagicVariables { get; private set; } = ImmutableDictionary<char, string>.Empty;

    /// <summary>Carries out one statement.</summary>
    public void Apply(Statement statement)
    {
        if (_stopped)
        {
            return;
        }

        if (LogicBlock.IsEnd(statement.Key))
        {
            CloseBlock(statement);
        }
        else if (_block is null)
        {
            Execute(statement);
        }
        else if (OptionTable.IsBlockOpener(statement.Key))
        {
            _diagnostics.Error(
                $"`{statement.Key}` inside `{_block.Opener.Key}` (line {_block.Opener.Source.Line}): conditions and loops cannot be nested",
                statement.Source,
                "close the first one with `end`");
        }
        else
        {
            foreach (Statement repeated in _block.Repeat(statement))
            {
                Execute(repeated);
            }
        }
    }

    /// <summary>Reads a file asked for as `path` or `path:section`; `:section` is a section of the file read last; null: none.</summary>
    public void ReadFile(Statement? request)
    {
        if (_stopped || request is null || FileRequest.Resolve(request, _lastFile, _host, _diagnostics) is not { } file)
        {
            return;
        }

        if (_files.Any(open => open.FullPath == file.FullPath && open.Section == file.Section))
        {
            string chain = string.Join(" → ", _files.Append(file).Select(open => open.GivenName));
            _diagnostics.Error($"the file includes itself: {chain}", request.ValueSource);
        }
        else if (_files.Length >= MaxDepth || ++_fileCount > MaxFiles)
        {
            Stop($"too many files: at most {MaxFiles}, {MaxDepth} deep", request.ValueSource);
        }
        else if (ConfigurationText.Read(_host, file, request, _diagnostics) is { } text)
        {
            ReadLines(file, text, request);
        }
    }

    /// <summary>Reads what `inherit` asked for: after everything else, as uWSGI does, so that the inherited values win.</summary>
    public void ReadInherited()
    {
        while (!_stopped && _inherited.TryDequeue(out var inherited))
        {
            _files = inherited.Files;
            ReadFile(Expanded(inherited.Statement));
            _files = [];
        }
    }

    /// <summary>Tells what `print` asked for, when all that it may refer to has been read.</summary>
    public void TellPrints() => _prints.ForEach(Print);

    /// <summary>A condition or loop cannot reach beyond the text that opened it.</summary>
    public void EndOfText()
    {
        if (_block is not null)
        {
            _diagnostics.Warning($"`{_block.Opener.Key}` is never closed", _block.Opener.Source, "add a line `end`");
            _block = null;
        }
    }

    private void ReadLines(ConfigurationFile file, string text, Statement request)
    {
        _firstFile ??= file;
        _lastFile = file;
        var magic = new MagicVariables(_host, file, _firstFile);
        MagicVariables = MagicVariables.IsEmpty ? magic.All : MagicVariables;
        LogicBlock? outer = _block;
        _block = null;
        _files = _files.Add(file);
        HashSet<string> sections = [];
        foreach (IniLine line in IniReader.Read(text, magic.Expand))
        {
            sections.Add(line.Section);
            if (line.Kind == IniLineKind.BrokenSection)
            {
                _diagnostics.Error(
                    $"the section line of `{line.Section}` does not end with its `]`",
                    new SourceLocation(file.GivenName, line.Number, line.KeyColumn),
                    $"[{line.Section}], and nothing behind it");
            }
            else if (line.Kind == IniLineKind.Statement && line.Section == file.Section)
            {
                Apply(new Statement(line.Key, line.Value, new SourceLocation(file.GivenName, line.Number, line.KeyColumn), line.ValueColumn));
            }
        }

        EndOfText();
        _block = outer;
        _files = _files.RemoveAt(_files.Length - 1);
        if (!sections.Contains(file.Section))
        {
            string others = string.Join(", ", sections.Where(name => name.Length > 0).Take(10).Select(name => $"[{name}]"));
            string? hint = others.Length > 0 ? $"it has {others}" : null;
            _diagnostics.Warning($"{file.GivenName} has no section [{file.Section}]: nothing was read from it", request.ValueSource, hint);
        }
    }

    private void Execute(Statement statement)
    {
        switch (statement.Key)
        {
            case "ini" or "include" or "config":
                ReadFile(Expanded(statement));
                break;
            case "inherit":
                _inherited.Enqueue((statement, _files));
                break;
            case "strict":
                Strict = OptionValue.ParseBoolean(statement.Value).Value ? statement.Source : null;
                break;
            case "set":
                Set(statement);
                break;
            case "set-placeholder" or "set-ph":
                SetPlaceholder(statement);
                break;
            case "declare-option" or "declare-option2":
                _own.Declare(statement);
                break;
            case "print":
                if (_prints.Count < MaxPrints)
                {
                    _prints.Add(statement);
                }

                break;
            case "iprint":
                Print(statement);
                break;
            default:
                ExecuteOther(statement);
                break;
        }
    }

    private void ExecuteOther(Statement statement)
    {
        if (OptionTable.IsBlockOpener(statement.Key))
        {
            _block = Expanded(statement) is { } opener ? _openers.TryOpen(opener) : new LogicBlock(statement, []);
            if (_block?.Items.Count > LogicBlock.MaxItems)
            {
                Stop($"`{statement.Key}` has more than {LogicBlock.MaxItems} rounds", statement.ValueSource);
            }
        }
        else if (_own.TryExpand(statement) is { } meant)
        {
            foreach (Statement part in meant)
            {
                Execute(part);
            }
        }
        else if (Statements.TryAdd(statement))
        {
            Expander.Reset();
        }
        else
        {
            const int MiB = StatementList.MaxCharacters / 1024 / 1024;
            Stop($"the configuration is too large: at most {StatementList.MaxCount} settings, {MiB} MiB", statement.Source);
        }
    }

    private void Print(Statement statement)
    {
        if (Expander.Expand(statement).Value is { } text)
        {
            _diagnostics.Notice(text, statement.Source);
        }
    }

    private void Set(Statement statement)
    {
        int equals = statement.Value.IndexOf('=');
        string key = (equals < 0 ? statement.Value : statement.Value[..equals]).Trim();
        if (key.Length == 0)
        {
            _diagnostics.Error($"`{statement.Key}` needs a name and a value", statement.ValueSource, $"{statement.Key} = name=value");
        }
        else if (key is "set" or "set-placeholder" or "set-ph")
        {
            _diagnostics.Error($"`{statement.Key}` cannot set `{key}`", statement.ValueSource);
        }
        else
        {
            Execute(statement with { Key = key, Value = equals < 0 ? "" : statement.Value[(equals + 1)..].Trim() });
        }
    }

    private void SetPlaceholder(Statement statement)
    {
        int equals = statement.Value.IndexOf('=');
        string key = (equals < 0 ? statement.Value : statement.Value[..equals]).Trim();
        if (OptionTable.Find(key) is not null)
        {
            _diagnostics.Error($"`{key}` is an option and cannot be used as a placeholder", statement.ValueSource, "choose another name");
        }
        else
        {
            _declared.Add(key);
            Set(statement);
        }
    }

    private void CloseBlock(Statement end)
    {
        if (_block is null)
        {
            _diagnostics.Warning($"`{end.Key}` closes nothing", end.Source);
        }

        _block = null;
    }

    /// <summary>Null when the value cannot be had: then what it stands for is left out.</summary>
    private Statement? Expanded(Statement statement)
    {
        Expansion expansion = Expander.Expand(statement);
        IsIncomplete |= expansion.IsDeferred;
        return expansion.Value is { } value ? statement with { Value = value } : null;
    }

    private void Stop(string message, SourceLocation source)
    {
        _diagnostics.Error(message, source);
        _stopped = true;
    }
}
