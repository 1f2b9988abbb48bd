using Microsoft.AspNetCore.Http;
using OneServe.Gateway.Http;

namespace OneServe.Gateway.Routing;

/// <summary>What a listener of `http-to-https` answers: the same address with https, on its usual port.</summary>
internal static class HttpsRedirect
{
    public static Task Send(RequestContext context)
    {
        string? location = LocationOf(context.Request.Headers.Host.ToString(), context.Request.RawTarget);
        return location is null
            ? new OwnAnswer(StatusCodes.Status400BadRequest) { Closes = true }.Send(context)
            : new OwnAnswer(StatusCodes.Status301MovedPermanently) { Location = location }.Send(context);
    }

    /// <summary>Null without a host: where to is not known.</summary>
    public static string? LocationOf(string host, string target)
    {
        string name = new HostString(host).Host;
        return name.Length == 0 ? null : $"https://{name}{OriginForm.Of(target)}";
    }
}
