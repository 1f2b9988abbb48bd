using System.Diagnostics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;
using OneServe.Gateway.Logging;
using OneServe.Gateway.Routing;
using OneServe.Transport;

namespace OneServe.Gateway.Http;

/// <summary>What Kestrel calls for each request, on the loop of its connection.</summary>
internal sealed class GatewayApplication(IReadOnlyList<GatewayServices> loops) : IHttpApplication<RequestContext>
{
    /// <summary>On HTTP/1 the features live as long as the connection, and so does the context.</summary>
    public RequestContext CreateContext(IFeatureCollection features)
        => features is IHostContextContainer<RequestContext> container
            ? container.HostContext ??= CreateContext(new KestrelExchange(features))
            : CreateContext(new KestrelExchange(features));

    /// <summary>For a request of any protocol.</summary>
    public RequestContext CreateContext(IClientExchange exchange) => new(exchange, ServicesOf(exchange.Connection));

    public Task ProcessRequestAsync(RequestContext context)
    {
        context.Connection.RequestStarted();
        context.Services.OpenRequests++;
        return context.ProcessAsync();
    }

    /// <summary>The response has been handed to the transport as a whole.</summary>
    public void DisposeContext(RequestContext context, Exception? exception)
    {
        context.Connection.RequestFinished(context.IsReadToEnd);
        var services = context.Services;
        services.OpenRequests--;
        long count = services.Counts.Add(context.Asked is { IsAnswered: true });
        var site = services.Site;
        if (services.AccessLog is not { } log || context.Routed is { IsLogged: false })
            return;
        if (site.Options.AccessLog.LogsAll)
            log.Append(Describe(context, services, count), site.LineFormat);
        else if (!site.Options.AccessLog.IsSilent)
            AppendIfAsked(context, services, log, count);
    }

    /// <summary>`disable-logging`: only what `log-5xx` and its kin ask for.</summary>
    private static void AppendIfAsked(RequestContext context, GatewayServices services, AccessLog log, long number)
    {
        var entry = Describe(context, services, number);
        if (LogConditions.AskFor(entry, services.Site.Options.AccessLog))
            log.Append(entry, services.Site.LineFormat);
    }

    private GatewayServices ServicesOf(ClientConnection connection)
    {
        foreach (var services in loops)
        {
            if (services.Loop == connection.Loop)
                return services;
        }
        throw new InvalidOperationException("The connection's loop is none of this gateway's.");
    }

    private static AccessLogEntry Describe(RequestContext context, GatewayServices services, long number)
    {
        var site = services.Site;
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
        var worker = context.Asked is { IsAnswered: true } asked ? asked : null;
        int pid = worker?.WorkerPid ?? Environment.ProcessId;
        return new AccessLogEntry
        {
            Pid = pid,
            Application = context.Asked is null ? -1 : 0,
            ProcessRequests = worker?.WorkerRequests ?? services.Counts.Own,
            TotalRequests = number,
            RemoteAddress = context.Variables.Address,
            User = context.Routed is { User.Length: > 0 } routed ? routed.User : context.Variables.User,
            Variables = context.Asked?.VariableCount ?? 0,
            VariablesSize = context.Asked?.VariablesSize ?? 0,
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
            HasClientLeft = context.ClientLeft,
            Request = site.LineFormat is null ? null : context,
            Memory = site.LogsMemory ? services.Memory.Of(pid) : default,
            TellsMemory = site.Options.AccessLog.Memory,
            TellsMicroseconds = site.Options.AccessLog.Microseconds,
        };
    }
}
