using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>Collects diagnostics in the order of their discovery, and no more of them than a person would read.</summary>
internal sealed class DiagnosticList
{
    private const int Limit = 500;

    /// <summary>Longest message, in characters: it may quote a value.</summary>
    private const int MaxMessage = 1000;

    private readonly ImmutableArray<Diagnostic>.Builder _items = ImmutableArray.CreateBuilder<Diagnostic>();
    private readonly HashSet<Diagnostic> _seen = [];

    public bool HasErrors { get; private set; }

    public void Error(string message, SourceLocation source, string? hint = null) => Add(DiagnosticSeverity.Error, message, source, hint);

    public void Warning(string message, SourceLocation source, string? hint = null) => Add(DiagnosticSeverity.Warning, message, source, hint);

    public void Notice(string message, SourceLocation source, string? hint = null) => Add(DiagnosticSeverity.Notice, message, source, hint);

    /// <summary>An error in a line that may be a secret.</summary>
    public void ErrorInSecret(string message, SourceLocation source, string? hint) => Add(DiagnosticSeverity.Error, message, source, hint, hidesLine: true);

    public ImmutableArray<Diagnostic> ToImmutable() => _items.ToImmutable();

    private void Add(DiagnosticSeverity severity, string message, SourceLocation source, string? hint, bool hidesLine = false)
    {
        HasErrors |= severity == DiagnosticSeverity.Error;
        var diagnostic = new Diagnostic(severity, PlainText.Of(Shortened(message)), source, hint is null ? null : PlainText.Of(hint)) { HidesLine = hidesLine };
        // The first error must be kept whatever came before it: without it nobody learns why the start failed.
        bool room = _items.Count < Limit || (severity == DiagnosticSeverity.Error && _items.Count < 2 * Limit);
        if (room && _seen.Add(diagnostic))
        {
            _items.Add(diagnostic);
        }
    }

    /// <summary>Without the middle: what is wrong stands around the value.</summary>
    private static string Shortened(string message) =>
        message.Length <= MaxMessage ? message : $"{message[..(MaxMessage - 100)]} … {message[^97..]}";
}
