namespace OneServe.Configuration;

/// <summary>One option in force: its canonical name, its value after expansion, and where it was written.</summary>
public sealed record Setting(string Name, string Value, SourceLocation Source)
{
    /// <summary>A command gives the value, and only a start runs it: here it is as written. Never so at a start.</summary>
    public bool IsDeferred { get; init; }

    public override string ToString() => $"{Name} = {Value}";
}

/// <summary>Where something was written.</summary>
/// <param name="Origin">A file's path as the user named it, `command line`, or `environment`.</param>
/// <param name="Line">Counted from 1; 0 where there are no lines.</param>
/// <param name="Column">Counted from 1, in characters of the line as it stands in the file; 0 when unknown.</param>
public readonly record struct SourceLocation(string Origin, int Line, int Column = 0)
{
    /// <summary>`site.ini:7`, or the origin alone where there are no lines.</summary>
    public override string ToString() => Line > 0 ? $"{Origin}:{Line}" : Origin;
}
