using Microsoft.Extensions.Primitives;

namespace OneServe.StaticFiles;

/// <summary>A file that a path names now, with its precompressed siblings and the header fields they share. Immutable once built.</summary>
public sealed class StaticFile
{
    private readonly StaticRepresentation _plain;
    private readonly StaticRepresentation?[] _siblings;
    private readonly bool[]? _existing;

    internal StaticFile(FileDescription description, StaticRepresentation plain, StaticRepresentation?[] siblings, DateTimeOffset now)
    {
        _plain = plain;
        _siblings = siblings;
        IsDirectory = description.IsDirectory;
        ContentType = description.Type.Value;
        // RFC 9110 §8.8.2.1: a time that has not come yet is replaced by the current one.
        ModifiedSeconds = Math.Clamp(plain.Status.ModifiedSeconds, 0, now.ToUnixTimeSeconds());
        LastModified = HttpDates.Format(ModifiedSeconds);
        Freshness = description.FreshnessOf(plain.Status.ModifiedSeconds, out bool mayDependOnUrl);
        UrlRules = mayDependOnUrl ? description.Freshness : null;
        if (Array.Exists(siblings, sibling => sibling is not null))
            _existing = [.. siblings.Select(sibling => sibling is not null)];
    }

    /// <summary>The value of Content-Type.</summary>
    public StringValues ContentType { get; }

    /// <summary>True when the path names a directory with an index and lacks the slash that links in the index rely on.</summary>
    public bool IsDirectory { get; }

    /// <summary>How long it may be kept.</summary>
    internal Freshness Freshness { get; }

    /// <summary>The rules that know more once they see the request's target; null: none.</summary>
    internal FreshnessRules? UrlRules { get; }

    /// <summary>The value of Last-Modified.</summary>
    public StringValues LastModified { get; }

    /// <summary>The same in seconds since 1970.</summary>
    public long ModifiedSeconds { get; }

    /// <summary>True when the answer depends on Accept-Encoding.</summary>
    public bool Varies => _existing is not null;

    /// <summary>Bytes of the file as it is.</summary>
    public long Size => _plain.Size;

    internal int MemoryBytes => _plain.MemoryBytes + _siblings.Sum(sibling => sibling?.MemoryBytes ?? 0);

    internal int OpenFiles => (_plain.IsOpen ? 1 : 0) + _siblings.Count(sibling => sibling is { IsOpen: true });

    /// <summary>
    /// True when a file that is held open was written to in place. Its bytes are read only when they are sent, so the old tag would go with the new
    /// bytes, and who fetches it in ranges would join both.
    /// </summary>
    internal bool HasChanged => _plain.HasChanged || (_existing is not null && Array.Exists(_siblings, sibling => sibling is { HasChanged: true }));

    /// <summary>The representation that suits the client best.</summary>
    internal StaticRepresentation Select(StringValues acceptEncoding)
    {
        if (_existing is null || acceptEncoding.Count == 0)
            return _plain;
        var coding = ContentCodings.Choose(acceptEncoding, _existing);
        return coding == ContentCoding.Identity ? _plain : _siblings[(int)coding]!;
    }

    /// <summary>Gives back the cache's holds: the file has left it.</summary>
    internal void Release()
    {
        _plain.Release();
        foreach (var sibling in _siblings)
            sibling?.Release();
    }
}
