using System.Text;

namespace OneServe.StaticFiles;

/// <summary>A <see cref="StaticMap"/> in the form that requests are compared with: URL and path as raw bytes.</summary>
internal sealed class MapTarget
{
    private readonly string _prefix;
    private readonly byte[] _target;

    public MapTarget(StaticMap map)
    {
        Map = map;
        // Request paths carry one byte a character, so the configuration's text must too.
        _prefix = Prefix(map.Prefix);
        string target = map.Target.TrimEnd('/');
        _target = Encoding.UTF8.GetBytes(target.Length == 0 && map.Target.Length > 0 ? "/" : target);
        Path = [.. _target, 0];
    }

    public StaticMap Map { get; }

    /// <summary>The target's path, ending with NUL.</summary>
    public byte[] Path { get; }

    /// <summary>A prefix of the configuration in the form that <see cref="IsBelow"/> compares.</summary>
    public static string Prefix(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text.TrimEnd('/')));

    /// <summary>True when the prefix is the path or ends at one of its slashes: `/static` is not in `/staticfoo`.</summary>
    public static bool IsBelow(string prefix, ReadOnlySpan<char> path)
        => path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || path[prefix.Length] == '/');

    public bool Matches(ReadOnlySpan<char> path) => IsBelow(_prefix, path);

    /// <summary>The name that a path asks for, without leading slashes.</summary>
    public ReadOnlySpan<char> Rest(ReadOnlySpan<char> path) => path[(Map.AppendsWholePath ? 0 : _prefix.Length)..].TrimStart('/');

    /// <summary>The path of a name in the target directory; ends with NUL if the name does.</summary>
    public byte[] Join(ReadOnlySpan<byte> name) => [.. _target, (byte)'/', .. name];
}
