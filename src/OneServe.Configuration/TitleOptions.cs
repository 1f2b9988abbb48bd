namespace OneServe.Configuration;

/// <summary>The titles that processes have in `ps`.</summary>
public sealed record TitleOptions
{
    /// <summary>What the master is called by `auto-procname`.</summary>
    public const string MasterTitle = "oneserve: master";

    /// <summary>`procname-prefix`, or `procname-prefix-spaced` with its blank.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>`procname-append`.</summary>
    public string Suffix { get; init; } = "";

    /// <summary>`procname`: the title of all processes in place of their own; null: each has its own.</summary>
    public string? Common { get; init; }

    /// <summary>`procname-master`, or the master's own title with `auto-procname`; null: its command line, unless any of the others is given.</summary>
    public string? Master { get; init; }

    /// <summary>The title of a process that is called <paramref name="own"/> by itself.</summary>
    public string Of(string own) => Prefix + (Common ?? own) + Suffix;

    /// <summary>The title of the master; null: its command line stays.</summary>
    public string? OfMaster
    {
        get
        {
            string? title = Master ?? Common ?? (IsPlain ? null : MasterTitle);
            return title is null ? null : Prefix + title + Suffix;
        }
    }

    /// <summary>Each process has its own title, nothing before and nothing behind it.</summary>
    public bool IsPlain => Prefix.Length == 0 && Suffix.Length == 0 && Common is null;
}
