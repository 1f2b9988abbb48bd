using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace OneServe.StaticFiles;

/// <summary>Which files have precompressed siblings: those that one of the rules names.</summary>
public sealed class SiblingRules(IEnumerable<string> patterns, IEnumerable<string> directories, IEnumerable<string> suffixes)
{
    private readonly ImmutableArray<Regex> _patterns = [.. patterns.Select(Patterns.Create)];
    private readonly ImmutableArray<string> _directories = [.. directories.Select(directory => directory.TrimEnd('/') + "/")];
    private readonly ImmutableArray<string> _suffixes = [.. suffixes];
    private bool _everywhere;

    /// <summary>Every file may have them.</summary>
    public static SiblingRules All { get; } = new([], [], []) { _everywhere = true };

    /// <summary>No file has: where strangers upload, `a.svg.gz` would replace somebody else's `a.svg`.</summary>
    public static SiblingRules None { get; } = new([], [], []);

    internal bool Allow(string path)
        => _everywhere
            || _suffixes.Any(suffix => path.EndsWith(suffix, StringComparison.Ordinal))
            || _directories.Any(directory => path.StartsWith(directory, StringComparison.Ordinal))
            || _patterns.Any(pattern => Patterns.Matches(pattern, path));
}
