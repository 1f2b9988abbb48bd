using Microsoft.Extensions.Primitives;

namespace OneServe.StaticFiles;

/// <summary>Conditional requests for GET and HEAD in the order of RFC 9110 §13.2.2. Fields that are not valid count as absent.</summary>
internal static class Preconditions
{
    public static Precondition Evaluate(in StaticRequest request, StaticFile file, StaticRepresentation representation)
    {
        if (request.IfMatch.Count > 0)
        {
            if (!EntityTags.Matches(request.IfMatch, representation.Tag, strong: true))
                return Precondition.Failed;
        }
        else if (request.IfUnmodifiedSince.Count > 0 && HttpDates.Parse(request.IfUnmodifiedSince) is { } unmodified && file.ModifiedSeconds > unmodified)
        {
            return Precondition.Failed;
        }

        if (request.IfNoneMatch.Count > 0)
            return EntityTags.Matches(request.IfNoneMatch, representation.Tag, strong: false) ? Precondition.NotModified : Precondition.Proceed;
        return request.IfModifiedSince.Count > 0 && IsCurrent(request.IfModifiedSince, file) ? Precondition.NotModified : Precondition.Proceed;
    }

    /// <summary>If-Range (§13.1.5): whether a Range field counts. A tag is compared strongly, a date exactly.</summary>
    public static bool RangeApplies(in StaticRequest request, StaticFile file, StaticRepresentation representation)
    {
        if (request.IfRange.Count == 0)
            return true;
        if (request.IfRange.Count > 1)
            return false;
        var value = request.IfRange[0].AsSpan().Trim(" \t");
        return value.SequenceEqual(representation.Tag) || HttpDates.Parse(request.IfRange) == file.ModifiedSeconds;
    }

    private static bool IsCurrent(StringValues since, StaticFile file)
        // Clients return the text that they were given: no date needs to be read.
        => (since.Count == 1 && string.Equals(since[0], file.LastModified[0], StringComparison.Ordinal))
            || HttpDates.Parse(since) is { } seconds && file.ModifiedSeconds <= seconds;
}
