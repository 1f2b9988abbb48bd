using Microsoft.Extensions.Primitives;

namespace OneServe.StaticFiles;

/// <summary>
/// The answer to a request for a static file: status, header fields and where the body lies. Fields that are empty are not sent.
/// </summary>
/// <remarks>
/// When the body lies in a file, the response owns one hold of it: whoever received the response calls <see cref="Release"/> exactly once after
/// handing the body on, also when nothing was sent. So the entry may leave the cache between the decision and the sending.
/// </remarks>
public struct StaticResponse
{
    /// <summary>
    /// 200, 206, 304, 412 or 416; 301 to the same path with a slash behind it, which the caller writes; 404 and 405 below a closed prefix.
    /// </summary>
    public int Status { get; internal set; }

    /// <summary>Content-Length in bytes: what GET would carry (HEAD too); null where the field must not be sent (304).</summary>
    public long? ContentLength { get; internal set; }

    public StringValues ContentType { get; internal set; }

    public StringValues ContentEncoding { get; internal set; }

    public StringValues ContentRange { get; internal set; }

    public StringValues ETag { get; internal set; }

    public StringValues LastModified { get; internal set; }

    public StringValues CacheControl { get; internal set; }

    public StringValues Expires { get; internal set; }

    public StringValues Allow { get; internal set; }

    public StringValues AcceptRanges { get; internal set; }

    public StringValues Vary { get; internal set; }

    /// <summary>X-Content-Type-Options.</summary>
    public StringValues ContentTypeOptions { get; internal set; }

    public StaticBodyKind BodyKind { get; internal set; }

    /// <summary>The body, when it is in one piece.</summary>
    public StaticSegment Body { get; internal set; }

    /// <summary>The pieces of a multipart body, else null.</summary>
    public StaticSegment[]? Parts { get; internal set; }

    /// <summary>Gives back the hold on the file, if there is one.</summary>
    public readonly void Release()
    {
        if (BodyKind == StaticBodyKind.File)
            Body.File!.Release();
        else if (BodyKind == StaticBodyKind.Parts)
            Array.Find(Parts!, part => part.File is not null).File?.Release();
    }
}
