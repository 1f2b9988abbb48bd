using System.Collections.Immutable;
using System.Globalization;
using OneServe.Configuration;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace OneServe.Master.Preflight;

/// <summary>Collects findings; those of the start's own checks too, which tell them as messages and exceptions that begin with their place.</summary>
internal sealed class Findings(IEnumerable<Diagnostic> known, ImmutableArray<Setting> settings) : ILogEventSink
{
    private readonly List<Diagnostic> _all = [.. known];

    public IReadOnlyList<Diagnostic> All => _all;

    public void Add(DiagnosticSeverity severity, Setting? about, string message, string? hint = null)
        => _all.Add(new Diagnostic(severity, message, about?.Source ?? Anywhere, hint));

    /// <param name="severity">How grave.</param>
    /// <param name="file">The file that it is about, without a line.</param>
    /// <param name="message">One sentence.</param>
    /// <param name="hint">The way out.</param>
    public void AddAt(DiagnosticSeverity severity, string file, string message, string? hint)
        => _all.Add(new Diagnostic(severity, message, new SourceLocation(file, 0), hint));

    /// <summary>Runs one of the start's checks: what it throws or logs becomes a finding.</summary>
    /// <returns>False when it threw.</returns>
    public bool Try(Action<ILogger> check)
    {
        using var log = new LoggerConfiguration().WriteTo.Sink(this).CreateLogger();
        try
        {
            check(log);
            return true;
        }
        catch (StartException error)
        {
            AddMessage(DiagnosticSeverity.Error, error.Message);
            return false;
        }
    }

    public void Emit(LogEvent logEvent) => AddMessage(
        logEvent.Level switch
        {
            >= LogEventLevel.Error => DiagnosticSeverity.Error,
            LogEventLevel.Warning => DiagnosticSeverity.Warning,
            _ => DiagnosticSeverity.Notice,
        },
        string.Concat(logEvent.MessageTemplate.Tokens.Select(token => token is Serilog.Parsing.PropertyToken property
            && logEvent.Properties.TryGetValue(property.PropertyName, out var value)
                ? value is ScalarValue scalar ? Convert.ToString(scalar.Value, CultureInfo.InvariantCulture) : value.ToString()
                : token.ToString())));

    /// <summary>`site.ini:7: home = venv: there is no Python in it. Make one there.`: the place, the sentence, the way out.</summary>
    public void AddMessage(DiagnosticSeverity severity, string message)
    {
        var about = settings.FirstOrDefault(setting => message.StartsWith($"{setting.Source}: ", StringComparison.Ordinal));
        string text = about is null ? message : message[$"{about.Source}: ".Length..];
        int end = text.IndexOf('\n') < 0 ? text.IndexOf(". ", StringComparison.Ordinal) : -1;
        bool hasWayOut = end > 0 && end + 2 < text.Length && (char.IsUpper(text[end + 2]) || text[end + 2] == '`');
        Add(severity, about, (hasWayOut ? text[..end] : text).TrimEnd('.', '\n'), hasWayOut ? text[(end + 2)..].TrimEnd('.') : null);
    }

    /// <summary>What concerns the whole stands at the first file.</summary>
    private SourceLocation Anywhere => new(settings.IsEmpty ? "command line" : settings[0].Source.Origin, 0);
}
