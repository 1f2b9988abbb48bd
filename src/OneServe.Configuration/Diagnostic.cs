namespace OneServe.Configuration;

/// <summary>How grave a <see cref="Diagnostic"/> is.</summary>
public enum DiagnosticSeverity
{
    /// <summary>Something was understood in a way worth telling; nothing is wrong.</summary>
    Notice,

    /// <summary>Probably a mistake; the start goes on.</summary>
    Warning,

    /// <summary>The server cannot start with this.</summary>
    Error,
}

/// <summary>One remark about the configuration, for the person who wrote it.</summary>
/// <param name="Severity">How grave it is.</param>
/// <param name="Message">One sentence without a final full stop; never begins with the location.</param>
/// <param name="Source">File, line and column that it is about.</param>
/// <param name="Hint">What to write instead, when we know.</param>
public sealed record Diagnostic(DiagnosticSeverity Severity, string Message, SourceLocation Source, string? Hint = null)
{
    /// <summary>The line itself is not to be shown: it may be a secret.</summary>
    public bool HidesLine { get; init; }

    /// <summary>Column counted from 1; 0 when unknown.</summary>
    public int Column => Source.Column;

    /// <summary>`site.ini:7: error: message (hint)`.</summary>
    public override string ToString()
    {
        string hint = Hint is null ? "" : $" ({Hint})";
        return $"{Source}: {Severity.ToString().ToLowerInvariant()}: {Message}{hint}";
    }
}
