using System.Globalization;
using Microsoft.Extensions.Primitives;
using OneServe.Posix;

namespace OneServe.StaticFiles;

/// <summary>One coding of a static file: its validators and its bytes, in memory or as an open file.</summary>
internal sealed class StaticRepresentation
{
    private readonly byte[]? _pinned;
    private readonly SharedFile? _file;

    public StaticRepresentation(ContentCoding coding, FileStatus status, byte[] pinned) : this(coding, status) => _pinned = pinned;

    public StaticRepresentation(ContentCoding coding, FileStatus status, SharedFile file) : this(coding, status) => _file = file;

    private StaticRepresentation(ContentCoding coding, FileStatus status)
    {
        Status = status;
        Coding = coding;
        ContentEncoding = ContentCodings.HeaderValue(coding);
        // Modification time and size, as the same file has them on every machine it was deployed to; an inode number has not.
        Tag = string.Create(CultureInfo.InvariantCulture, $"\"{status.Modified:x}-{status.Size:x}{ContentCodings.TagSuffix(coding)}\"");
        ETag = Tag;
    }

    public FileStatus Status { get; }

    public ContentCoding Coding { get; }

    public StringValues ContentEncoding { get; }

    /// <summary>The strong entity tag with its quotes.</summary>
    public string Tag { get; }

    /// <summary>The same as a field.</summary>
    public StringValues ETag { get; }

    public long Size => Status.Size;

    public bool IsOpen => _file is not null;

    /// <summary>True when the open file was seen to have been written to in place: the tag is another content's. One fstat(2); none in memory.</summary>
    public bool HasChanged => _file is { HasChanged: true };

    public int MemoryBytes => _pinned?.Length ?? 0;

    /// <summary>A slice of the bytes; a slice of a file takes no hold.</summary>
    public StaticSegment Slice(ByteRange range)
        => _file is null ? new StaticSegment(_pinned!, (int)range.First, (int)range.Length) : new StaticSegment(_file, range.First, range.Length);

    /// <summary>A hold for a response; in memory there is nothing to hold. The cache has a hold of its own, so it cannot be too late.</summary>
    public void Hold() => _file?.TryHold();

    /// <summary>Gives back the cache's hold.</summary>
    public void Release() => _file?.Release();
}
