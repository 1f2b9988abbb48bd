using Microsoft.AspNetCore.Http;
using OneServe.Gateway.Routing;
using OneServe.StaticFiles;

namespace OneServe.Gateway.Http;

/// <summary>One file that an application has named to be sent in its answer's place.</summary>
internal sealed class DelegatedFile(StaticFileCache cache, string path)
{
    /// <summary>Completes the answer, whose head is the application's so far. It never fails: what cannot be sent ends the connection.</summary>
    public async Task SendAsync(RequestContext context)
    {
        try
        {
            await Answer(context);
        }
        catch (Exception)
        {
            context.Cut();
        }
    }

    private async Task Answer(RequestContext context)
    {
        // 206 is an application's that read the Range field itself; the part is chosen here, of the file.
        bool isPlain = context.Response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status206PartialContent;
        string method = context.Request.Method == "HEAD" ? "HEAD" : "GET";
        // Conditions and ranges are about a plain answer; the file behind an error page, say, is sent whole.
        var request = isPlain && context.Request.Method is "GET" or "HEAD"
            ? StaticAnswer.RequestOf(context) with { Path = path }
            : new StaticRequest { Method = method, Path = path };
        var outcome = cache.Respond(request, mayWait: false, out var response);
        if (outcome == StaticOutcome.Cold)
        {
            await Task.Run(() => cache.Warm(path));
            outcome = cache.Respond(request, mayWait: true, out response);
        }
        if (outcome != StaticOutcome.Answered)
        {
            await OwnAnswer.WithoutFile(outcome).Send(context);
            return;
        }
        SetHead(context.Response, response, isPlain);
        await StaticAnswer.SendBody(context, response);
    }

    /// <summary>The application's fields stay but for those that describe the bytes.</summary>
    private static void SetHead(IClientResponse to, in StaticResponse response, bool isPlain)
    {
        var fields = to.Headers;
        if (isPlain && response.Status != to.StatusCode)
        {
            to.StatusCode = response.Status;
            to.ReasonPhrase = null;
        }
        fields.ContentLength = response.ContentLength;
        // That of the body in whose place the file is sent.
        fields.ContentEncoding = response.ContentEncoding;
        // A framework makes its validators of the body that the application did not send: all files would have the same.
        fields.ETag = response.ETag;
        fields.LastModified = response.LastModified;
        fields.AcceptRanges = response.AcceptRanges;
        fields.ContentRange = response.ContentRange;
        if (response.BodyKind == StaticBodyKind.Parts || fields.ContentType.Count == 0)
            fields.ContentType = response.ContentType;
        if (fields.CacheControl.Count == 0)
            fields.CacheControl = response.CacheControl;
        if (fields.XContentTypeOptions.Count == 0)
            fields.XContentTypeOptions = response.ContentTypeOptions;
    }
}
