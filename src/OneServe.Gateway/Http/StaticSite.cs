using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using OneServe.StaticFiles;

namespace OneServe.Gateway.Http;

/// <summary>The static maps of a site: decides whether a request is theirs and writes the answer into Kestrel's response.</summary>
internal sealed class StaticSite : IDisposable
{
    /// <summary>Up to here copying the body behind the head is cheaper than a segment of its own.</summary>
    private const int CopiedBody = 12 * 1024;

    private readonly StaticFileMaps? _maps;
    private readonly StaticFileCache? _cache;

    private StaticSite()
    {
    }

    public StaticSite(StaticFileMaps maps)
    {
        _maps = maps;
        _cache = new StaticFileCache(maps);
    }

    /// <summary>True while there is something that <see cref="Trim"/> may drop one day.</summary>
    public bool HoldsFiles => _cache is { Count: > 0 };

    /// <summary>Without any map.</summary>
    public static StaticSite None { get; } = new();

    /// <summary>Answers the request when a file of the maps is meant. The task ends when the answer is with the transport.</summary>
    public bool TryAnswer(RequestContext context, out Task sent)
    {
        sent = Task.CompletedTask;
        if (_maps is null || !_maps.Covers(context.Path))
            return false;
        var fields = context.Request.Headers;
        var request = new StaticRequest
        {
            Method = context.Request.Method,
            Path = context.Path,
            AcceptEncoding = fields.AcceptEncoding,
            IfMatch = fields.IfMatch,
            IfNoneMatch = fields.IfNoneMatch,
            IfModifiedSince = fields.IfModifiedSince,
            IfUnmodifiedSince = fields.IfUnmodifiedSince,
            Range = fields.Range,
            IfRange = fields.IfRange,
        };
        if (!_cache!.TryRespond(request, out var response))
            return false;
        SetHead(context.Response, response);
        sent = SendBody(context, response);
        return true;
    }

    /// <summary>To be called now and then, also when nobody asks: deleted files give their blocks back.</summary>
    public void Trim() => _cache?.Trim();

    public void Dispose() => _cache?.Dispose();

    private static void SetHead(IHttpResponseFeature to, in StaticResponse response)
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
    }

    private static Task SendBody(RequestContext context, in StaticResponse response)
    {
        switch (response.BodyKind)
        {
            case StaticBodyKind.None:
                return Task.CompletedTask;
            case StaticBodyKind.Memory when response.Body.Length <= CopiedBody:
                context.ResponseSize = response.Body.Length;
                var flushed = context.Output.Writer.WriteAsync(response.Body.Memory);
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
            return context.Output.StartAsync();
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
            output.SendFile(context.Output.Writer, file, segment.Offset, segment.Length);
        else
            output.SendPinned(context.Output.Writer, (byte*)segment.Address, segment.Length, segment.Owner);
    }
}
