using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>What serves whoever works on the application, and has no place in production.</summary>
public sealed record DevelopmentOptions
{
    /// <summary>`py-autoreload`: reload when a file of the application's Python code changes.</summary>
    public bool ReloadsCode { get; init; }

    /// <summary>The seconds of `py-autoreload`: the time between two looks at files of whose changes the kernel does not tell. At least a second.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>`py-auto-reload-ignore`: modules and packages whose changes do not count.</summary>
    public ImmutableArray<Setting> IgnoredModules { get; init; } = [];

    /// <summary>`fs-reload`: files, and directories with all below them, absolute.</summary>
    public ImmutableArray<Setting> Files { get; init; } = [];

    /// <summary>`catch-exceptions`: the answer to a request whose application raises shows the Python stack.</summary>
    public bool ShowsExceptions { get; init; }

    /// <summary>Something is watched.</summary>
    public bool Watches => ReloadsCode || !Files.IsEmpty;

    /// <summary>The same files are watched in the same way.</summary>
    public bool WatchesAs(DevelopmentOptions other) => ReloadsCode == other.ReloadsCode && Period == other.Period
        && Values(IgnoredModules).SequenceEqual(Values(other.IgnoredModules)) && Values(Files).SequenceEqual(Values(other.Files));

    private static IEnumerable<string> Values(ImmutableArray<Setting> settings) => settings.Select(static setting => setting.Value);
}
