using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>One row of the option table.</summary>
/// <param name="Name">The canonical name: settings carry it whatever alias was written.</param>
/// <param name="Kind">The form of its value.</param>
/// <param name="Support">What it does here.</param>
/// <param name="Summary">One sentence for `--help` and for notices, without a full stop.</param>
public sealed record OptionDefinition(string Name, OptionKind Kind, OptionSupport Support, string Summary)
{
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>The letter of its short form on the command line; `\0`: none.</summary>
    public char Short { get; init; }

    /// <summary>Does each mention add a value, or does the last one win?</summary>
    public bool Repeatable { get; init; }

    /// <summary>May stand on the command line without a value?</summary>
    public bool ValueOptional { get; init; }

    /// <summary>Where a relative path begins.</summary>
    public PathOrigin Origin { get; init; } = PathOrigin.WorkingDirectory;

    /// <summary>What stands for the value in `--help`; empty for booleans.</summary>
    public string Placeholder { get; init; } = "";

    /// <summary>Its group in `--help`.</summary>
    public OptionSection Section { get; init; }
}

/// <summary>The form of an option's value.</summary>
public enum OptionKind
{
    /// <summary>True unless `false`, `off`, `no` or `0`.</summary>
    Flag,

    Integer,

    /// <summary>A file mode.</summary>
    Octal,

    /// <summary>A file mode creation mask.</summary>
    Mask,

    /// <summary>A word that cannot contain blanks, such as a module's or a user's name.</summary>
    Name,

    /// <summary>Anything, kept to the letter.</summary>
    Text,

    /// <summary>A file or directory; made absolute.</summary>
    FilePath,

    /// <summary>A file, made absolute, or `host:port`.</summary>
    LogTarget,

    /// <summary>An address to listen on.</summary>
    Address,

    /// <summary>`prefix=path`; the path is made absolute.</summary>
    Map,

    /// <summary>A statement of the language itself: `ini`, `if-env`, `set`.</summary>
    Language,
}

/// <summary>What an option of the dialect does in this server.</summary>
public enum OptionSupport
{
    Works,

    /// <summary>Its effect is always on.</summary>
    AlwaysSo,

    /// <summary>It cures or tunes something that does not exist here; accepted without effect.</summary>
    NotNeeded,

    /// <summary>Accepted without effect so far.</summary>
    NotYet,

    /// <summary>An error: going on without it would not be what was asked.</summary>
    Refused,
}

/// <summary>Where a relative path begins.</summary>
public enum PathOrigin
{
    /// <summary>The directory of `chdir`, else where the server was started.</summary>
    WorkingDirectory,

    /// <summary>Where the server was started.</summary>
    StartDirectory,
}

/// <summary>The groups of `--help`, in order.</summary>
public enum OptionSection
{
    Listeners,
    Application,
    StaticFiles,
    Processes,
    Privileges,
    Requests,
    Routing,
    Logging,
    Reloading,
    Daemons,
    Language,
}
