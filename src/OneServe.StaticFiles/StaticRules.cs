using System.Collections.Immutable;

namespace OneServe.StaticFiles;

/// <summary>How files are served that the maps lead to. Patterns are regular expressions that have been checked.</summary>
public sealed record StaticRules
{
    /// <summary>Names that stand for a directory, the first that exists. None: directories are not served.</summary>
    public ImmutableArray<string> Index { get; init; } = [];

    /// <summary>Directories that symbolic links beneath a target may lead to, besides the target itself.</summary>
    public ImmutableArray<string> SafeDirectories { get; init; } = [];

    /// <summary>Paths that end so are never static.</summary>
    public ImmutableArray<string> SkippedSuffixes { get; init; } = [];

    /// <summary>URL prefixes of whole segments below which the application is not asked: what is no file is 404.</summary>
    public ImmutableArray<string> ClosedPrefixes { get; init; } = [];

    /// <summary>Whether names that begin with a dot are served; else only `.well-known` (RFC 8615) is.</summary>
    public bool DotFiles { get; init; }

    /// <summary>Patterns of URL paths whose files never change, besides Django's hashed names.</summary>
    public ImmutableArray<string> ImmutablePaths { get; init; } = [];

    /// <summary>How long clients keep files: of the rules of one subject the first that matches, of the subjects the first in their order.</summary>
    public ImmutableArray<ExpiryRule> Expiry { get; init; } = [];

    /// <summary>Which files have precompressed siblings.</summary>
    public SiblingRules Siblings { get; init; } = SiblingRules.All;

    /// <summary>Content types by name.</summary>
    public ContentTypes Types { get; init; } = ContentTypes.BuiltIn;

    /// <summary>The Cache-Control of files that no rule and no name says anything of; null: a minute, public.</summary>
    public string? CacheControl { get; init; }
}
