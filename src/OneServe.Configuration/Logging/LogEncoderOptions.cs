namespace OneServe.Configuration;

/// <summary>`log-encoder` or `log-req-encoder`: `kind[:logger][ argument]`.</summary>
/// <param name="Kind">What it does with a line.</param>
/// <param name="Argument">Text with `${msg}`, `${msgnl}`, `${unix}`, `${millis}`, `${micros}`, `${strftime:FORM}`; or what is added.</param>
/// <param name="Logger">It is for the logger with this id only; null: for all.</param>
/// <param name="Setting">As written.</param>
public sealed record LogEncoderOptions(LogEncoderKind Kind, string Argument, string? Logger, Setting Setting);

/// <summary>What a log encoder does.</summary>
public enum LogEncoderKind
{
    /// <summary>Puts text before the line.</summary>
    Prefix,

    /// <summary>Puts text behind the line.</summary>
    Suffix,

    /// <summary>Puts a newline behind the line.</summary>
    Newline,

    /// <summary>Fills in a text.</summary>
    Format,

    /// <summary>Fills in a text, values escaped for JSON strings.</summary>
    Json,
}
