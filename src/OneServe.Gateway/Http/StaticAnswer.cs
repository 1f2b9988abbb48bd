using Microsoft.Extensions.Primitives;
using OneServe.StaticFiles;

namespace OneServe.Gateway.Http;

/// <summary>Writes what the static files say into an answer.</summary>
internal static class StaticAnswer
{
    /// <summary>Up to here copying the body behind the head is cheaper than a segment of its own.</summary>
    private const int CopiedBody = 12 * 1024;

    /// <summary>What of a request decides about its answer.</summary>
    public static StaticRequest RequestOf(RequestContext context)
    {
        var fields = context.Request.Headers;
        return new StaticRequest
        {
            Method = context.Request.Method,
            Path = context.Path,
            Target = context.Request.RawTarget,
            AcceptEncoding = fields.AcceptEncoding,
            IfMatch = fields.IfMatch,
            IfNoneMatch = fields.IfNoneMatch,
            IfModifiedSince = fields.IfModifiedSince,
            IfUnmodifiedSince = fields.IfUnmodifiedSince,
            Range = fields.Range,
            IfRange = fields.IfRange,
        };
    }

    public static void SetHead(IClientResponse to, in StaticResponse response)
    {
        to.StatusCode = response.Status;
        var fields = to.Headers;
        fields.ContentLength = response.ContentLength;
        fields.ContentType = response.ContentType;
        fields.LastModified = response.LastModified;
        fields.ETag = response.ETag;
        fields.CacheControl = response.CacheControl;
        fields.AcceptRanges = response.AcceptRanges;
        fields.XContentTypeOptions = response.ContentTypeOptions;
        if (!StringValues.IsNullOrEmpty(response.ContentEncoding))
            fields.ContentEncoding = response.ContentEncoding;
        if (!StringValues.IsNullOrEmpty(response.ContentRange))
            fields.ContentRange = response.ContentRange;
        if (!StringValues.IsNullOrEmpty(response.Vary))
            fields.Vary = response.Vary;
        if (!StringValues.IsNullOrEmpty(response.Expires))
            fields.Expires = response.Expires;
        if (!StringValues.IsNullOrEmpty(response.Allow))
            fields.Allow = response.Allow;
    }

    /// <summary>Hands the body to the transport. The task ends when that is done; the response is released.</summary>
    public static Task SendBody(RequestContext context, in StaticResponse response)
    {
        switch (response.BodyKind)
        {
            case StaticBodyKind.None:
                return Task.CompletedTask;
            case StaticBodyKind.Memory when response.Body.Length <= CopiedBody:
                context.ResponseSize = response.Body.Length;
                var flushed = context.Response.Writer.WriteAsync(response.Body.Memory);
                return flushed.IsCompletedSuccessfully ? Task.CompletedTask : flushed.AsTask();
            default:
                context.ResponseSize = response.ContentLength ?? 0;
                context.Via = response.BodyKind == StaticBodyKind.File ? " via sendfile()" : "";
                var started = Start(context, response);
                if (!started.IsCompletedSuccessfully)
                    return SendSegmentsAfter(started, context, response);
                SendSegments(context, response);
                return Task.CompletedTask;
        }
    }

    /// <summary>Puts the head into our writer without flushing it: head and first bytes leave together.</summary>
    private static Task Start(RequestContext context, in StaticResponse response)
    {
        try
        {
            return context.Response.StartAsync();
        }
        catch
        {
            response.Release();
            throw;
        }
    }

    private static async Task SendSegmentsAfter(Task started, RequestContext context, StaticResponse response)
    {
        try
        {
            await started;
        }
        catch
        {
            response.Release();
            throw;
        }
        SendSegments(context, response);
    }

    private static void SendSegments(RequestContext context, in StaticResponse response)
    {
        try
        {
            if (response.Parts is null)
                SendSegment(context, response.Body);
            else
                foreach (var part in response.Parts)
                    SendSegment(context, part);
        }
        finally
        {
            response.Release();
        }
    }

    private static unsafe void SendSegment(RequestContext context, in StaticSegment segment)
    {
        var output = context.Connection.Output;
        if (segment.File is { } file)
            output.SendFile(context.Response.Writer, file, segment.Offset, segment.Length);
        else
            output.SendPinned(context.Response.Writer, (byte*)segment.Address, segment.Length, segment.Owner);
    }
}
