using System.Diagnostics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;
using OneServe.Gateway.Logging;
using OneServe.Gateway.Routing;

namespace OneServe.Gateway.Http;

/// <summary>What Kestrel calls for each request.</summary>
internal sealed class GatewayApplication(GatewayServices services) : IHttpApplication<RequestContext>
{
    /// <summary>On HTTP/1 the features live as long as the connection, and so does the context.</summary>
    public RequestContext CreateContext(IFeatureCollection features)
        => features is IHostContextContainer<RequestContext> container
            ? container.HostContext ??= new RequestContext(features, services)
            : new RequestContext(features, services);

    public Task ProcessRequestAsync(RequestContext context)
    {
        context.Connection.RequestStarted();
        return context.ProcessAsync();
    }

    /// <summary>The response has been handed to the transport as a whole.</summary>
    public void DisposeContext(RequestContext context, Exception? exception)
    {
        context.Connection.RequestFinished(context.IsReadToEnd);
        services.Requests++;
        if (!context.IsWorkers)
            services.OwnRequests++;
        if (services.AccessLog is { } log && !services.Site.Options.DisableLogging && context.Routed is not { IsLogged: false })
            log.Append(Describe(context));
    }

    private AccessLogEntry Describe(RequestContext context)
    {
        var fields = context.Response.Headers;
        int count = 0;
        int size = 0;
        foreach (var (name, value) in fields)
        {
            count++;
            size += name.Length + 4;
            for (int i = 0; i < value.Count; i++)
                size += value[i]?.Length ?? 0;
        }
        return new AccessLogEntry
        {
            Pid = context.IsWorkers ? context.WorkerPid : Environment.ProcessId,
            Application = context.AskedApplication ? 0 : -1,
            ProcessRequests = context.IsWorkers ? context.WorkerRequests : services.OwnRequests,
            TotalRequests = services.Requests,
            RemoteAddress = context.Client.Address,
            User = context.Routed?.User,
            Variables = context.Variables,
            VariablesSize = context.VariablesSize,
            Time = services.LocalTime,
            Method = context.Request.Method,
            Target = context.Request.RawTarget,
            ResponseSize = context.ResponseSize,
            Duration = Stopwatch.GetElapsedTime(context.Started),
            Via = context.Via,
            Protocol = context.Request.Protocol,
            Status = context.Routed is { Verdict: RouteVerdict.Cut } ? AccessLogEntry.NoAnswer
                : context.ClientLeft ? AccessLogEntry.ClientClosedRequest
                : context.Response.StatusCode,
            Headers = count,
            HeadersSize = size,
        };
    }
}
