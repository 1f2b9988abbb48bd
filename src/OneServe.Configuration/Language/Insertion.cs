namespace OneServe.Configuration;

/// <summary>The text that comes in place of `@(…)`.</summary>
/// <param name="Text">Null: there is none, for one of the reasons below.</param>
internal readonly record struct Insertion(string? Text)
{
    /// <summary>What is wrong, to be told where the value is used.</summary>
    public string? Failure { get; init; }

    /// <summary>What to write instead.</summary>
    public string? Hint { get; init; }

    /// <summary>It is wrong, and that has been told.</summary>
    public bool IsTold { get; init; }

    /// <summary>Only a start knows it.</summary>
    public bool IsDeferred { get; init; }
}
