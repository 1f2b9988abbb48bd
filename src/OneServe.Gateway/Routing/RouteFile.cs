using Microsoft.AspNetCore.Http;
using OneServe.Gateway.Http;
using OneServe.StaticFiles;

namespace OneServe.Gateway.Routing;

/// <summary>The files that a route `static:` may send: all of one directory, or a single one.</summary>
internal sealed class RouteFile(StaticFileMaps maps) : IDisposable
{
    private readonly StaticFileCache _cache = new(maps);

    public bool HoldsFiles => _cache.Count > 0;

    /// <summary>Answers with a file, or 404: the application is not asked.</summary>
    /// <param name="name">The file's name in the directory; names that lead out of it are none.</param>
    public async Task Send(RequestContext context, string name)
    {
        if (context.Request.Method is not ("GET" or "HEAD"))
        {
            await new OwnAnswer(StatusCodes.Status405MethodNotAllowed) { Allow = "GET, HEAD" }.Send(context);
            return;
        }
        var request = StaticAnswer.RequestOf(context) with { Path = "/" + name };
        var outcome = _cache.Respond(request, mayWait: false, out var response);
        if (outcome == StaticOutcome.Cold)
        {
            await Task.Run(() => _cache.Warm(request.Path));
            outcome = _cache.Respond(request, mayWait: true, out response);
        }
        if (outcome != StaticOutcome.Answered)
        {
            await OwnAnswer.WithoutFile(outcome).Send(context);
            return;
        }
        StaticAnswer.SetHead(context.Response, response);
        context.AddFields(replaces: true);
        await StaticAnswer.SendBody(context, response);
    }

    public void Trim() => _cache.Trim();

    public void Dispose() => _cache.Dispose();
}
