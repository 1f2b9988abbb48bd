namespace OneServe.Configuration;

/// <summary>A piece of `log-format`.</summary>
/// <param name="Variable">What it tells.</param>
/// <param name="Text">The text itself; or the name behind `var.`, `metric.`, or of the application's variable.</param>
/// <param name="IsQuoted">It stands between double quotes: quotes and backslashes in its value are escaped by a backslash.</param>
public sealed record LogFormatPart(LogVariable Variable, string Text, bool IsQuoted);
