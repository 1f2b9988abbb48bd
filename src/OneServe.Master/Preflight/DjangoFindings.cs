using OneServe.Configuration;

namespace OneServe.Master.Preflight;

/// <summary>Reads what `manage.py check` prints: groups by severity, in each `object: (id) message` with `HINT:` lines below.</summary>
internal static class DjangoFindings
{
    private static readonly Dictionary<string, DiagnosticSeverity> Groups = new(StringComparer.Ordinal)
    {
        ["CRITICALS:"] = DiagnosticSeverity.Error,
        ["ERRORS:"] = DiagnosticSeverity.Error,
        ["WARNINGS:"] = DiagnosticSeverity.Warning,
        ["INFOS:"] = DiagnosticSeverity.Notice,
        ["DEBUGS:"] = DiagnosticSeverity.Notice,
    };

    public static List<(DiagnosticSeverity Severity, string Message, string? Hint)> Parse(string output)
    {
        List<(DiagnosticSeverity Severity, string Message, string? Hint)> found = [];
        DiagnosticSeverity? severity = null;
        foreach (string line in output.Split('\n').Select(static line => line.TrimEnd()))
        {
            if (Groups.TryGetValue(line, out var group))
            {
                severity = group;
            }
            else if (line.StartsWith("System check identified", StringComparison.Ordinal))
            {
                severity = null;
            }
            else if (severity is { } current && line.Length > 0)
            {
                if (!char.IsWhiteSpace(line[0]))
                    found.Add((current, Named(line), null));
                else if (found.Count > 0)
                    found[^1] = Continued(found[^1], line.Trim());
            }
        }
        return found;
    }

    /// <summary>`?` stands for the project.</summary>
    private static string Named(string line) => line.StartsWith("?: ", StringComparison.Ordinal) ? line[3..] : line;

    private static (DiagnosticSeverity Severity, string Message, string? Hint) Continued((DiagnosticSeverity Severity, string Message, string? Hint) finding, string text)
    {
        const string Hint = "HINT:";
        return text.StartsWith(Hint, StringComparison.Ordinal)
            ? finding with { Hint = text[Hint.Length..].Trim() }
            : finding.Hint is null ? finding with { Message = $"{finding.Message} {text}" } : finding with { Hint = $"{finding.Hint} {text}" };
    }
}
