namespace OneServe.Configuration;

/// <summary>A key and its value as read, from a file, the command line or the environment.</summary>
/// <param name="Source">Where the key stands.</param>
/// <param name="ValueColumn">Column of the value; 0 when unknown.</param>
internal sealed record Statement(string Key, string Value, SourceLocation Source, int ValueColumn = 0)
{
    /// <summary>Where the value stands.</summary>
    public SourceLocation ValueSource => ValueColumn == 0 ? Source : Source with { Column = ValueColumn };

    /// <summary>`key = value`, or the key alone.</summary>
    public override string ToString() => Value.Length == 0 ? Key : $"{Key} = {Value}";
}
