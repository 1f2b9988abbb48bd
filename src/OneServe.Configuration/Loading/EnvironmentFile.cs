using System.Text;

namespace OneServe.Configuration;

/// <summary>
/// A file of environment variables, as systemd (EnvironmentFile=) and container engines read it: `NAME=value` on each line, `export` before
/// it and quotes around the value fall away, lines that begin with `#` or `;` are comments.
/// </summary>
internal static class EnvironmentFile
{
    public const int MaxSize = 256 * 1024;

    /// <summary>The variables as `env` settings, each with its own place; null after an error.</summary>
    public static IReadOnlyList<Setting>? Read(IConfigurationHost host, string path, Statement statement, DiagnosticList diagnostics)
    {
        FileContent content = host.Read(path, MaxSize);
        string? problem = content.Failure ?? (content.Bytes.Span.Contains((byte)0) ? "it is not a text file" : null);
        if (problem is not null)
        {
            diagnostics.Error($"`{statement.Key}`: cannot read {path}: {problem}", statement.ValueSource);
            return null;
        }

        List<Setting> settings = [];
        int number = 0;
        foreach (string line in Encoding.UTF8.GetString(content.Bytes.Span).TrimStart('\uFEFF').Split('\n').Select(line => line.Trim()))
        {
            var source = new SourceLocation(path, ++number, 1);
            if (line.Length == 0 || line[0] is '#' or ';')
            {
                continue;
            }

            string text = line.StartsWith("export ", StringComparison.Ordinal) ? line["export ".Length..].TrimStart() : line;
            int equals = text.IndexOf('=');
            if (equals <= 0 || text.AsSpan(0, equals).ContainsAny(" \t"))
            {
                diagnostics.ErrorInSecret($"`{statement.Key}`: the line is no NAME=value", source, "comments begin with #");
                return null;
            }

            settings.Add(new Setting("env", $"{text[..equals]}={Unquoted(text[(equals + 1)..].Trim())}", source));
        }

        return settings;
    }

    private static string Unquoted(string value) =>
        value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0] ? value[1..^1] : value;
}
