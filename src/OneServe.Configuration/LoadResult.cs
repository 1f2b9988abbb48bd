using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>What the process was asked to do.</summary>
public enum StartCommand
{
    Serve,

    /// <summary>`--help`: print <see cref="HelpText"/> and leave.</summary>
    Help,

    /// <summary>Nothing was asked for: print <see cref="HelpText.Usage"/> and fail.</summary>
    Usage,

    /// <summary>`--version`: print the version and leave.</summary>
    Version,
}

/// <summary>The outcome of reading a configuration.</summary>
/// <param name="Command">What was asked for; for anything but <see cref="StartCommand.Serve"/> nothing was read.</param>
/// <param name="Options">Null when there was an error, or when nothing is to be served.</param>
/// <param name="Diagnostics">Everything worth telling, in order of discovery.</param>
public sealed record LoadResult(StartCommand Command, ServerOptions? Options, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>Where there was an error: what could be understood all the same, for whoever looks further. Null when nothing was read.</summary>
    public ServerOptions? Understood { get; init; }
}
