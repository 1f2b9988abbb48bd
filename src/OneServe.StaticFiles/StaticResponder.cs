using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace OneServe.StaticFiles;

/// <summary>Decides the answer to GET or HEAD for a file that was found. Without conditions or one range it allocates nothing.</summary>
public static class StaticResponder
{
    private static readonly StringValues Bytes = "bytes";
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues VaryByCoding = "Accept-Encoding";

    /// <summary>The answer; see <see cref="StaticResponse.Release"/> for what the caller owes.</summary>
    public static void Evaluate(StaticFile file, in StaticRequest request, TimeProvider clock, out StaticResponse response)
    {
        if (file.IsDirectory)
        {
            // Permanent, but not for ever: the directory may become something else.
            response = new StaticResponse { Status = 301, ContentLength = 0, CacheControl = CachePolicy.Short.CacheControl };
            return;
        }
        var freshness = file.UrlRules?.ByUrl(request.Target, file.ModifiedSeconds) ?? file.Freshness;
        var representation = file.Select(request.AcceptEncoding);
        switch (Preconditions.Evaluate(request, file, representation))
        {
            case Precondition.Failed:
                response = new StaticResponse { Status = 412, ContentLength = 0 };
                return;
            case Precondition.NotModified:
                // RFC 9110 §15.4.5: the fields that guide the cache, none that describe a content which is not there.
                response = new StaticResponse
                {
                    Status = 304,
                    ETag = representation.ETag,
                    CacheControl = freshness.CacheControl,
                    Expires = freshness.Expires(clock),
                    Vary = file.Varies ? VaryByCoding : default,
                };
                return;
        }

        response = new StaticResponse
        {
            Status = 200,
            ContentLength = representation.Size,
            ContentType = file.ContentType,
            ContentEncoding = representation.ContentEncoding,
            ETag = representation.ETag,
            LastModified = file.LastModified,
            CacheControl = freshness.CacheControl,
            Expires = freshness.Expires(clock),
            AcceptRanges = Bytes,
            Vary = file.Varies ? VaryByCoding : default,
            ContentTypeOptions = NoSniff,
        };
        if (request.Method is not "GET")
            return; // Range is defined for GET alone (RFC 9110 §14.2).
        if (request.Range.Count > 0 && Preconditions.RangeApplies(request, file, representation))
            ApplyRange(representation, request.Range, ref response);
        else
            SetBody(representation, new ByteRange(0, representation.Size), ref response);
    }

    private static void ApplyRange(StaticRepresentation representation, StringValues field, ref StaticResponse response)
    {
        Span<ByteRange> ranges = stackalloc ByteRange[ByteRanges.Most];
        switch (ByteRanges.Parse(field, representation.Size, ranges, out int count))
        {
            case RangeOutcome.Single:
                response.Status = 206;
                response.ContentLength = ranges[0].Length;
                response.ContentRange = ContentRange(ranges[0], representation.Size);
                SetBody(representation, ranges[0], ref response);
                break;
            case RangeOutcome.Several:
                SetParts(representation, ranges[..count], ref response);
                break;
            case RangeOutcome.Unsatisfiable:
                response = new StaticResponse
                {
                    Status = 416,
                    ContentLength = 0,
                    ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{representation.Size}"),
                    AcceptRanges = Bytes,
                };
                break;
            default:
                SetBody(representation, new ByteRange(0, representation.Size), ref response);
                break;
        }
    }

    private static void SetBody(StaticRepresentation representation, ByteRange range, ref StaticResponse response)
    {
        if (range.Length == 0)
            return;
        response.Body = representation.Slice(range);
        response.BodyKind = representation.IsOpen ? StaticBodyKind.File : StaticBodyKind.Memory;
        representation.Hold();
    }

    /// <summary>multipart/byteranges (RFC 9110 §14.6): a head in memory before each slice, and a closing line.</summary>
    private static void SetParts(StaticRepresentation representation, ReadOnlySpan<ByteRange> ranges, ref StaticResponse response)
    {
        // Random, so that no file can have been written to contain it.
        string boundary = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var parts = new StaticSegment[(2 * ranges.Length) + 1];
        long length = 0;
        for (int i = 0; i < ranges.Length; i++)
        {
            string opening = i == 0 ? "--" : "\r\n--";
            parts[2 * i] = Pinned(
                $"{opening}{boundary}\r\nContent-Type: {response.ContentType}\r\nContent-Range: {ContentRange(ranges[i], representation.Size)}\r\n\r\n");
            parts[(2 * i) + 1] = representation.Slice(ranges[i]);
        }
        parts[^1] = Pinned($"\r\n--{boundary}--\r\n");
        foreach (var part in parts)
            length += part.Length;

        response.Status = 206;
        response.ContentLength = length;
        response.ContentType = "multipart/byteranges; boundary=" + boundary;
        response.BodyKind = StaticBodyKind.Parts;
        response.Parts = parts;
        representation.Hold();
    }

    private static StaticSegment Pinned(string text)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(text.Length, pinned: true);
        Encoding.ASCII.GetBytes(text, bytes);
        return new StaticSegment(bytes, 0, bytes.Length);
    }

    private static string ContentRange(ByteRange range, long size) => string.Create(CultureInfo.InvariantCulture, $"bytes {range.First}-{range.Last}/{size}");
}
