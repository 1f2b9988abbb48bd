namespace OneServe.Configuration;

/// <summary>Turns the command line into statements, in its order. Other than in a file, an unknown option is an error.</summary>
internal sealed class CommandLine(IConfigurationHost host, DiagnosticList diagnostics)
{
    public static readonly SourceLocation Source = new("command line", 0);

    private readonly List<Statement> _statements = [];

    /// <summary>What the process is asked to do.</summary>
    public StartCommand Command { get; private set; } = StartCommand.Serve;

    public IReadOnlyList<Statement> Parse(IReadOnlyList<string> arguments)
    {
        for (int i = 0; i < arguments.Count;)
        {
            string argument = arguments[i];
            string? next = i + 1 < arguments.Count ? arguments[i + 1] : null;
            i += argument switch
            {
                "--help" or "-h" => Ask(StartCommand.Help),
                "--version" => Ask(StartCommand.Version),
                "--" => 1,
                _ when argument.StartsWith("--", StringComparison.Ordinal) => LongForm(argument[2..], next),
                _ when argument.Length > 1 && argument[0] == '-' => ShortForms(argument[1..], next),
                _ => Bare(argument),
            };
        }

        return _statements;
    }

    private int Ask(StartCommand command)
    {
        Command = command;
        return 1;
    }

    /// <summary>Takes `--key`, `--key=value` or `--key value`; returns the number of arguments used.</summary>
    private int LongForm(string text, string? next)
    {
        int equals = text.IndexOf('=');
        string name = equals < 0 ? text : text[..equals];
        if (OptionTable.Find(name) is not { } option)
        {
            string? suggestion = OptionSuggestion.For(name);
            diagnostics.Error(
                $"unknown option --{name}",
                Source,
                suggestion is null ? "`oneserve --help` lists the options; a placeholder is set by --set name=value" : $"did you mean --{suggestion}?");
            return 1;
        }

        if (equals >= 0)
        {
            Add(name, text[(equals + 1)..]);
            return 1;
        }

        return WithNext(name, $"--{name}", option, next);
    }

    /// <summary>Takes `-p 4`, `-p4`, and letters without value together: `-ML`.</summary>
    private int ShortForms(string letters, string? next)
    {
        for (int i = 0; i < letters.Length; i++)
        {
            if (OptionTable.Find(letters[i]) is not { } option)
            {
                diagnostics.Error($"unknown option -{letters[i]}", Source, "`oneserve --help` lists the options");
                return 1;
            }

            if (TakesNoValue(option))
            {
                Add(option.Name, "");
            }
            else if (i + 1 < letters.Length)
            {
                Add(option.Name, letters[(i + 1)..].TrimStart('='));
                return 1;
            }
            else
            {
                return WithNext(option.Name, $"-{letters[i]}", option, next);
            }
        }

        return 1;
    }

    private int WithNext(string name, string written, OptionDefinition option, string? next)
    {
        if (TakesNoValue(option) || (option.ValueOptional && !IsNumber(next)))
        {
            Add(name, "");
            return 1;
        }

        if (next is null)
        {
            diagnostics.Error($"{written} needs a value", Source, $"{written} {option.Placeholder}".TrimEnd());
            return 1;
        }

        Add(name, next);
        return 2;
    }

    private int Bare(string argument)
    {
        bool isFile = host.GetPathKind(host.FromStart(argument)) is PathKind.File or PathKind.Other;
        string path = argument.LastIndexOf(':') is > 0 and var colon && !isFile ? argument[..colon] : argument;
        if (isFile && Path.GetExtension(argument) is ".py" or ".wsgi")
        {
            Add("wsgi-file", argument);
        }
        else if (isFile || argument.StartsWith(':') || path.EndsWith(".ini", StringComparison.Ordinal))
        {
            Add("ini", argument);
        }
        else if (host.GetPathKind(host.FromStart(path)) == PathKind.File)
        {
            Add("ini", argument);
        }
        else
        {
            diagnostics.Error($"`{argument}` is neither a configuration file nor an option", Source, "oneserve site.ini");
        }

        return 1;
    }

    private void Add(string name, string value) => _statements.Add(new Statement(name, value, Source));

    private static bool TakesNoValue(OptionDefinition option) =>
        option.Kind == OptionKind.Flag || option is { Kind: OptionKind.Language, ValueOptional: true };

    private static bool IsNumber(string? text) => !string.IsNullOrEmpty(text) && text.All(char.IsAsciiDigit);
}
