namespace OneServe.Configuration;

/// <summary>Encoded settings are damaged, or are no valid configuration.</summary>
public sealed class SettingsFormatException(string message) : FormatException(message);
