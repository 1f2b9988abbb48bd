using Microsoft.Extensions.Primitives;

namespace OneServe.StaticFiles;

/// <summary>A file that a path names now, with its precompressed siblings and the header fields they share. Immutable once built.</summary>
public sealed class StaticFile
{
    private readonly StaticRepresentation _plain;
    private readonly StaticRepresentation?[] _siblings;
    private readonly bool[]? _existing;

    internal StaticFile(string name, ContentType type, StaticRepresentation plain, StaticRepresentation?[] siblings, DateTimeOffset now)
    {
        _plain = plain;
        _siblings = siblings;
        ContentType = type.Value;
        CacheControl = CachePolicy.For(name);
        // RFC 9110 §8.8.2.1: a time that has not come yet is replaced by the current one.
        ModifiedSeconds = Math.Clamp(plain.Status.ModifiedSeconds, 0, now.ToUnixTimeSeconds());
        LastModified = HttpDates.Format(ModifiedSeconds);
        if (Array.Exists(siblings, sibling => sibling is not null))
            _existing = [.. siblings.Select(sibling => sibling is not null)];
    }

    /// <summary>The value of Content-Type.</summary>
    public StringValues ContentType { get; }

    /// <summary>The value of Cache-Control.</summary>
    public StringValues CacheControl { get; }

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
