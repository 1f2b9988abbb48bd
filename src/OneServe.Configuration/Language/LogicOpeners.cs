using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OneServe.Configuration;

/// <summary>Decides what each `if-…` and `for…` means here and now.</summary>
internal sealed class LogicOpeners(
    IReadOnlyDictionary<string, string> environment, IConfigurationHost host, StatementList statements, DiagnosticList diagnostics)
{
    private static readonly string?[] Once = [null];

    /// <summary>Opens a block; null when the key is no opener.</summary>
    /// <param name="opener">The statement, its value expanded.</param>
    public LogicBlock? TryOpen(Statement opener) => (Condition(opener) ?? Loop(opener)) is { } items ? new LogicBlock(opener, items) : null;

    private string?[]? Condition(Statement opener)
    {
        string value = opener.Value;
        return opener.Key switch
        {
            "if-env" or "ifenv" => If(FromEnvironment(value)),
            "if-not-env" => Unless(FromEnvironment(value)),
            "if-opt" or "ifopt" => If(FromOptions(value)),
            "if-not-opt" => Unless(FromOptions(value)),
            "if-exists" or "ifexists" => If(Exists(value, null)),
            "if-not-exists" => Unless(Exists(value, null)),
            "if-file" or "iffile" => If(Exists(value, PathKind.File)),
            "if-not-file" => Unless(Exists(value, PathKind.File)),
            "if-dir" or "ifdir" or "if-directory" => If(Exists(value, PathKind.Directory)),
            "if-not-dir" => Unless(Exists(value, PathKind.Directory)),
            "if-hostname" => If(value == host.HostName ? value : null),
            "if-not-hostname" => Unless(value == host.HostName ? value : null),
            "if-hostname-match" => If(FromHostName(opener)),
            "if-not-hostname-match" => Unless(FromHostName(opener)),
            // There are no plugins to be had, and a configuration is always read as if for a first start.
            "if-plugin" or "ifplugin" or "if-reload" or "ifreload" => [],
            "if-not-plugin" or "if-not-reload" => Once,
            _ => null,
        };
    }

    private IReadOnlyList<string?>? Loop(Statement opener)
    {
        string value = opener.Value;
        return opener.Key switch
        {
            "for" => value.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            "for-glob" => Glob.Match(host, host.FromStart(value)),
            "for-times" => Times(opener),
            "for-readline" => Lines(opener),
            _ => null,
        };
    }

    private static string?[] If(string? found) => found is null ? [] : [found];

    private static string?[] Unless(string? found) => found is null ? Once : [];

    private string? FromEnvironment(string condition) => Compare(condition, environment.GetValueOrDefault);

    private string? FromOptions(string condition) => Compare(condition, name => statements.First(name)?.Value);

    private string? FromHostName(Statement opener)
    {
        try
        {
            // Without backtracking: the time is bounded by the lengths.
            return Regex.IsMatch(host.HostName, opener.Value, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking) ? host.HostName : null;
        }
        catch (RegexParseException error)
        {
            string message = $"`{opener.Key}`: `{opener.Value}` is not a regular expression: {PatternFault.Describe(error)}";
            diagnostics.Error(message, opener.ValueSource);
        }
        catch (NotSupportedException)
        {
            diagnostics.Error($"`{opener.Key}`: `{opener.Value}` looks around or back, which is not possible here", opener.ValueSource);
        }

        return null;
    }

    private static string? Compare(string condition, Func<string, string?> valueOf)
    {
        int equals = condition.IndexOf('=');
        if (equals < 0)
        {
            return valueOf(condition);
        }

        string? found = valueOf(condition[..equals]);
        return found == condition[(equals + 1)..] ? found : null;
    }

    private string? Exists(string path, PathKind? wanted)
    {
        PathKind kind = host.GetPathKind(host.FromStart(path));
        bool matches = wanted is null ? kind != PathKind.Missing : kind == wanted;
        return path.Length > 0 && matches ? path : null;
    }

    private IReadOnlyList<string> Times(Statement opener)
    {
        if (!int.TryParse(opener.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count > LogicBlock.MaxItems)
        {
            diagnostics.Error($"`for-times` needs a number up to {LogicBlock.MaxItems}, not `{opener.Value}`", opener.ValueSource);
            return [];
        }

        return [.. Enumerable.Range(1, count).Select(number => number.ToString(CultureInfo.InvariantCulture))];
    }

    private string[] Lines(Statement opener)
    {
        FileContent content = host.Read(host.FromStart(opener.Value), ConfigurationReader.MaxFileSize);
        string? problem = content.Failure ?? (content.Bytes.Span.Contains((byte)0) ? "it is not a text file" : null);
        if (problem is not null)
        {
            diagnostics.Error($"`for-readline`: cannot read {opener.Value}: {problem}", opener.ValueSource);
            return [];
        }

        return Encoding.UTF8.GetString(content.Bytes.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
