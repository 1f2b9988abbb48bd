namespace OneServe.Configuration;

/// <summary>What has come of the variables in a value.</summary>
/// <param name="Value">The value; null: it cannot be expanded, or <paramref name="IsDeferred"/>.</param>
/// <param name="IsDeferred">A command gives it, and this reading runs none: only a start knows it.</param>
internal readonly record struct Expansion(string? Value, bool IsDeferred = false);
