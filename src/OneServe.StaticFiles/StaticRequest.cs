using Microsoft.Extensions.Primitives;

namespace OneServe.StaticFiles;

/// <summary>What of a request decides about a static answer. Header fields that are absent stay empty.</summary>
public readonly struct StaticRequest
{
    public StaticRequest()
    {
    }

    /// <summary>The method as sent; all but GET and HEAD are the application's.</summary>
    public required string Method { get; init; }

    /// <summary>The path without query, percent-decoded, one character a byte (ISO 8859-1).</summary>
    public required string Path { get; init; }

    /// <summary>The request target as sent, with its query; only rules on URLs look at it.</summary>
    public string Target { get; init; } = "";

    public StringValues AcceptEncoding { get; init; }

    public StringValues IfMatch { get; init; }

    public StringValues IfNoneMatch { get; init; }

    public StringValues IfModifiedSince { get; init; }

    public StringValues IfUnmodifiedSince { get; init; }

    public StringValues Range { get; init; }

    public StringValues IfRange { get; init; }
}
