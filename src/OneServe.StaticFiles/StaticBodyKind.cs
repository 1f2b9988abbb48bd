namespace OneServe.StaticFiles;

/// <summary>Where the body of a <see cref="StaticResponse"/> lies.</summary>
public enum StaticBodyKind
{
    /// <summary>No body: HEAD, 304, 412, 416, an empty file.</summary>
    None,

    /// <summary><see cref="StaticResponse.Body"/> is pinned memory.</summary>
    Memory,

    /// <summary><see cref="StaticResponse.Body"/> is a slice of an open file.</summary>
    File,

    /// <summary><see cref="StaticResponse.Parts"/> are sent one after the other (multipart/byteranges).</summary>
    Parts,
}
