using System.Text;

namespace OneServe.Configuration;

/// <summary>
/// What stands in place of `@(…)`: the text of a file, or what a command writes (`exec://`). A command is run once for each statement that it stands in,
/// however often its value is asked for.
/// </summary>
internal sealed class InsertedText(IConfigurationHost host, DiagnosticList diagnostics)
{
    /// <summary>Most commands in one reading: each takes a process, and a loop could ask for thousands.</summary>
    private const int MaxCommands = 100;

    private const string CommandScheme = "exec://";

    private readonly Dictionary<Statement, Dictionary<string, Insertion>> _outputs = new(ReferenceEqualityComparer.Instance);
    private int _commands;

    /// <summary>Reads what stands between the parentheses.</summary>
    /// <param name="name">A path, or `scheme://…`.</param>
    /// <param name="place">The statement that it stands in.</param>
    public Insertion Read(string name, Statement place)
    {
        if (name.StartsWith(CommandScheme, StringComparison.Ordinal))
        {
            return Output(name, place);
        }

        return name.Contains("://", StringComparison.Ordinal)
            ? Refused(Secrecy.Show("", name))
            : OfFile(name);
    }

    private static Insertion Text(FileContent content)
    {
        string text = Encoding.UTF8.GetString(content.Bytes.Span);
        return new Insertion(text.EndsWith('\n') ? text[..^1] : text);
    }

    private static bool IsText(FileContent content) => !content.Bytes.Span.Contains((byte)0);

    private Insertion OfFile(string name)
    {
        FileContent content = host.Read(host.FromStart(name), ValueExpander.MaxLength);
        string? problem = content.Failure ?? (IsText(content) ? null : "it is not a text file");
        return problem is null ? Text(content) : new Insertion(null) { Failure = $"`@({name})` cannot be read: {problem}" };
    }

    private Insertion Output(string name, Statement place)
    {
        if (!_outputs.TryGetValue(place, out Dictionary<string, Insertion>? known))
        {
            _outputs[place] = known = [];
        }

        if (!known.TryGetValue(name, out Insertion output))
        {
            known[name] = output = Run(name, place);
        }

        return output;
    }

    /// <summary>What goes wrong is told here: at the command, and not wherever its value is used.</summary>
    private Insertion Run(string name, Statement place)
    {
        string shown = Secrecy.Show("", name);
        string command = name[CommandScheme.Length..].Trim();
        string? problem = command.Length == 0 ? "a command is missing: @(exec://COMMAND)"
            : ++_commands > MaxCommands ? $"there are more than {MaxCommands} commands in values" : null;
        if (problem is null)
        {
            if (host.Run(command, ValueExpander.MaxLength) is not { } content)
            {
                diagnostics.Notice($"`@({shown})` is not run here: what it gives is known at a start only", place.ValueSource);
                return new Insertion(null) { IsDeferred = true };
            }

            problem = content.Failure ?? (IsText(content) ? null : "it does not write text");
            if (problem is null)
            {
                return Text(content);
            }
        }

        diagnostics.Error($"`@({shown})`: {problem}", place.ValueSource);
        return new Insertion(null) { IsTold = true };
    }

    private static Insertion Refused(string name)
    {
        string scheme = name[..name.IndexOf("://", StringComparison.Ordinal)];
        (string why, string instead) = scheme switch
        {
            "http" or "https" => ("a configuration is not fetched over the network by the server itself", $"@(exec://curl -fsS {name})"),
            "fd" => ("a descriptor can be read once, and a reload reads anew", "write the value to a file: @(/path/of/the/file)"),
            "data" => ("nothing is appended to this executable", "write the value to a file: @(/path/of/the/file)"),
            "sym" => ("this executable has no symbols to be read", "write the value to a file: @(/path/of/the/file)"),
            "call" => ("there is no function of a plugin to be called", "run a command: @(exec://COMMAND)"),
            "emperor" => ("there is no emperor that passes values on", "give it by `env-file`, or by $(NAME) from the environment"),
            _ => ($"there is no `{scheme}://`", "files and commands can be read: @(/path/of/the/file), @(exec://COMMAND)"),
        };
        return new Insertion(null) { Failure = $"`@({name})`: {why}", Hint = instead };
    }
}
