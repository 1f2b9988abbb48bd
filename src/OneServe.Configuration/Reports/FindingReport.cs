using System.Globalization;
using System.Text;

namespace OneServe.Configuration;

/// <summary>Findings for people: file, line, column; the line itself with a caret below; the fix.</summary>
/// <param name="readFile">The lines of a file by its name as the findings have it; empty when it cannot be read.</param>
public sealed class FindingReport(Func<string, IReadOnlyList<string>> readFile)
{
    /// <summary>Longest part of a line that is shown, in characters.</summary>
    private const int MaxExcerpt = 120;

    private readonly Dictionary<string, IReadOnlyList<string>> _files = [];

    /// <summary>All of it: errors and warnings by file and line, then remarks in a line each, then the sum.</summary>
    public string Write(IReadOnlyCollection<Diagnostic> findings)
    {
        var text = new StringBuilder();
        foreach (Diagnostic finding in findings.Where(item => item.Severity != DiagnosticSeverity.Notice).OrderBy(item => item, InOrder))
        {
            Append(text, finding);
        }

        foreach (Diagnostic finding in findings.Where(item => item.Severity == DiagnosticSeverity.Notice).OrderBy(item => item, InOrder))
        {
            text.Append(Place(finding)).Append(": note: ").Append(Indented(finding.Message)).Append('\n');
            AppendHint(text, finding, "  ");
        }

        return text.Append(Sum(findings)).Append('\n').ToString();
    }

    private static readonly Comparer<Diagnostic> InOrder = Comparer<Diagnostic>.Create(static (a, b) =>
        (string.CompareOrdinal(a.Source.Origin, b.Source.Origin), a.Source.Line.CompareTo(b.Source.Line), a.Column.CompareTo(b.Column)) switch
        {
            (0, 0, var column) => column,
            (0, var line, _) => line,
            var (origin, _, _) => origin,
        });

    private static string Sum(IReadOnlyCollection<Diagnostic> findings)
    {
        int Of(DiagnosticSeverity severity) => findings.Count(item => item.Severity == severity);
        (int errors, int warnings, int notes) = (Of(DiagnosticSeverity.Error), Of(DiagnosticSeverity.Warning), Of(DiagnosticSeverity.Notice));
        string verdict = errors > 0 ? "It cannot start" : warnings > 0 ? "It can start" : "Nothing is wrong";
        return $"{verdict}: {Count(errors, "error")}, {Count(warnings, "warning")}, {Count(notes, "note")}";
    }

    private static string Count(int number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");

    private void Append(StringBuilder text, Diagnostic finding)
    {
        string severity = finding.Severity == DiagnosticSeverity.Error ? "error" : "warning";
        string[] message = finding.Message.TrimEnd().Split('\n', 2);
        text.Append(Place(finding)).Append(": ").Append(severity).Append(": ").Append(Shown(message[0])).Append('\n');
        string margin = "  ";
        if (!finding.HidesLine && Line(finding.Source) is { } line)
        {
            string number = finding.Source.Line.ToString(CultureInfo.InvariantCulture).PadLeft(5);
            margin = new string(' ', number.Length);
            (string excerpt, int caret) = Excerpt(line, Math.Max(finding.Column, 1));
            text.Append(number).Append(" | ").Append(excerpt).Append('\n');
            text.Append(margin).Append(" | ").Append(' ', caret).Append("^\n");
        }

        if (message.Length > 1)
        {
            // Python's own words.
            text.Append("    ").Append(Indented(message[1])).Append('\n');
        }

        AppendHint(text, finding, margin);
        text.Append('\n');
    }

    private static void AppendHint(StringBuilder text, Diagnostic finding, string margin)
    {
        if (finding.Hint is { } hint)
        {
            text.Append(margin).Append(" = ").Append(Indented(hint)).Append('\n');
        }
    }

    private static string Indented(string message) => string.Join("\n    ", message.TrimEnd().Split('\n').Select(Shown));

    private static string Shown(string line) => PlainText.Of(line.TrimEnd());

    private static string Place(Diagnostic finding) => finding.Column > 0 && finding.Source.Line > 0 ? $"{finding.Source}:{finding.Column}" : $"{finding.Source}";

    private string? Line(SourceLocation source)
    {
        if (source.Line < 1)
        {
            return null;
        }

        if (!_files.TryGetValue(source.Origin, out IReadOnlyList<string>? lines))
        {
            _files[source.Origin] = lines = readFile(source.Origin);
        }

        return source.Line <= lines.Count ? WithoutSecret(lines[source.Line - 1]) : null;
    }

    private static string WithoutSecret(string line)
    {
        int equals = line.IndexOf('=');
        string key = equals < 0 ? "" : line[..equals].Trim();
        string value = line[(equals + 1)..];
        return equals < 0 ? line : line[..(equals + 1)] + value[..(value.Length - value.TrimStart().Length)] + Secrecy.Show(key, value.Trim());
    }

    /// <summary>The line, or the part of it around the column; tabs and control characters take one place each.</summary>
    private static (string Text, int Caret) Excerpt(string line, int column)
    {
        string shown = Shown(line);
        int from = column > MaxExcerpt - 20 ? column - (MaxExcerpt / 2) : 0;
        from = Math.Min(from, Math.Max(shown.Length - 1, 0));
        string part = shown.Substring(from, Math.Min(MaxExcerpt, shown.Length - from));
        return (part, Math.Clamp(column - 1 - from, 0, part.Length));
    }
}
