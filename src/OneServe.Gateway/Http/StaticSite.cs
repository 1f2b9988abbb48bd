using Microsoft.AspNetCore.Http;
using OneServe.Gateway.Routing;
using OneServe.StaticFiles;

namespace OneServe.Gateway.Http;

/// <summary>The static maps of a site: decides whether a request is theirs and answers it.</summary>
internal sealed class StaticSite : IDisposable
{
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

    /// <summary>Without any map.</summary>
    public static StaticSite None { get; } = new();

    /// <summary>True while there is something that <see cref="Trim"/> may drop one day.</summary>
    public bool HoldsFiles => _cache is { Count: > 0 };

    /// <summary>
    /// Answers the request when a file of the maps is meant. The task ends when the answer is with the transport; it may turn out on the way that
    /// the application has to be asked, and then this has been done too.
    /// </summary>
    public bool TryAnswer(RequestContext context, out Task sent)
    {
        sent = Task.CompletedTask;
        if (_maps is null || !_maps.Concern(context.Path))
            return false;
        switch (_cache!.Respond(StaticAnswer.RequestOf(context), mayWait: false, out var response))
        {
            case StaticOutcome.Answered:
                sent = Send(context, response);
                return true;
            case StaticOutcome.Cold:
                sent = AnswerWhenWarm(context);
                return true;
            case StaticOutcome.Unavailable:
                sent = OwnAnswer.WithoutFile(StaticOutcome.Unavailable).Send(context);
                return true;
            default:
                return false;
        }
    }

    /// <summary>To be called now and then, also when nobody asks: deleted files give their blocks back.</summary>
    public void Trim() => _cache?.Trim();

    public void Dispose() => _cache?.Dispose();

    private static Task Send(RequestContext context, in StaticResponse response)
    {
        if (response.Status == StatusCodes.Status404NotFound)
            return new OwnAnswer(StatusCodes.Status404NotFound).Send(context);
        StaticAnswer.SetHead(context.Response, response);
        if (response.Status == 301)
            context.Response.Headers.Location = SlashedLocation.Of(context.Path, context.Request.QueryString);
        context.AddFields(replaces: true);
        return StaticAnswer.SendBody(context, response);
    }

    /// <summary>The disk is asked on a thread of the pool, and everybody else is served meanwhile.</summary>
    private async Task AnswerWhenWarm(RequestContext context)
    {
        string path = context.Path;
        await Task.Run(() => _cache!.Warm(path));
        // What has just been read may wait a moment at most, even if it has been evicted again.
        var outcome = _cache!.Respond(StaticAnswer.RequestOf(context), mayWait: true, out var response);
        await (outcome switch
        {
            StaticOutcome.Answered => Send(context, response),
            StaticOutcome.Unavailable => OwnAnswer.WithoutFile(outcome).Send(context),
            _ => context.AskApplication(),
        });
    }
}
