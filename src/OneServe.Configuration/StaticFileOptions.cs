using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>How static files are served; where they lie is <see cref="ServerOptions.StaticMaps"/>.</summary>
public sealed record StaticFileOptions
{
    /// <summary>`static-index`: names that stand for a directory, the first that exists.</summary>
    public ImmutableArray<string> Index { get; init; } = [];

    /// <summary>`static-safe`: directories, absolute, that symbolic links may lead to.</summary>
    public ImmutableArray<string> SafeDirectories { get; init; } = [];

    /// <summary>`static-skip-ext`: paths that end so are the application's.</summary>
    public ImmutableArray<string> SkippedSuffixes { get; init; } = [];

    /// <summary>`static-404`: URL prefixes, each beginning with `/`, that the application is not asked about.</summary>
    public ImmutableArray<string> ClosedPrefixes { get; init; } = [];

    /// <summary>`static-dotfiles`: names that begin with a dot are served.</summary>
    public bool DotFiles { get; init; }

    /// <summary>`static-immutable`: patterns of URL paths.</summary>
    public ImmutableArray<string> ImmutablePaths { get; init; } = [];

    /// <summary>`static-expires` and its kin. The first that matches counts: by file, by URL path, by URL, by type; each in order of declaration.</summary>
    public ImmutableArray<StaticExpiryOptions> Expiry { get; init; } = [];

    /// <summary>`static-gzip-all`: look for compressed siblings of every file.</summary>
    public bool AllSiblings { get; init; } = true;

    /// <summary>`static-gzip`: patterns of file paths that have siblings.</summary>
    public ImmutableArray<string> SiblingPatterns { get; init; } = [];

    /// <summary>`static-gzip-dir`: directories, absolute, whose files have siblings.</summary>
    public ImmutableArray<string> SiblingDirectories { get; init; } = [];

    /// <summary>`static-gzip-ext`: what the names of files with siblings end with.</summary>
    public ImmutableArray<string> SiblingSuffixes { get; init; } = [];

    /// <summary>`mimefile`: files of content types, absolute; a later one wins.</summary>
    public ImmutableArray<Setting> TypeFiles { get; init; } = [];

    /// <summary>`x-sendfile`: directories, absolute, of which an answer may name files.</summary>
    public ImmutableArray<Setting> SendDirectories { get; init; } = [];

    /// <summary>`x-accel-redirect`: prefixes below which an answer may name files.</summary>
    public ImmutableArray<StaticMapOptions> SendMaps { get; init; } = [];
}
