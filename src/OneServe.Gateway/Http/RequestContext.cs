using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using OneServe.Gateway.Logging;
using OneServe.Gateway.Routing;
using OneServe.Transport;

namespace OneServe.Gateway.Http;

/// <summary>
/// One request, from the head to the last byte of its answer; an HTTP/1 connection uses one object for all its requests. Everything runs on the
/// connection's loop.
/// </summary>
internal sealed class RequestContext(IClientExchange client, GatewayServices services) : ILoggedRequest
{
    private ApplicationExchange? _exchange;

    public ClientConnection Connection => client.Connection;

    public IClientRequest Request => client.Request;

    public IClientResponse Response => client.Response;

    /// <summary>Who asks, and for what, as the application hears of it.</summary>
    public IMetaVariables Variables => client.Variables;

    /// <summary>What the requests of its loop share.</summary>
    public GatewayServices Services => services;

    public Site Site => services.Site;

    /// <summary>The decoded path (<see cref="RequestPath"/>).</summary>
    public string Path { get; private set; } = "";

    /// <summary>When the head was read (<see cref="Stopwatch"/> ticks).</summary>
    public long Started { get; private set; }

    /// <summary>What routes have decided about the request; null: none is about it.</summary>
    public RouteDecision? Routed { get; set; }

    /// <summary>Its way to the application and back; null: it was answered without.</summary>
    public ApplicationExchange? Asked { get; private set; }

    /// <summary>Nothing of the request is left to be read from the connection.</summary>
    public bool IsReadToEnd { get; private set; }

    /// <summary>The connection cannot go on, or may not: the rest of a body is not looked for.</summary>
    public bool ClosesConnection => services.ClosesConnections || !IsReadToEnd;

    // ---- for the access log ----

    /// <summary>Bytes of the response's body.</summary>
    public long ResponseSize { get; set; }

    /// <summary>How the body left.</summary>
    public string Via { get; set; } = "";

    /// <summary>The client left before it had its answer.</summary>
    public bool ClientLeft { get; set; }

    IHeaderDictionary ILoggedRequest.Fields => Request.Headers;

    string ILoggedRequest.Query => Request.QueryString;

    string ILoggedRequest.Scheme => Variables.Scheme;

    string ILoggedRequest.RemotePort => Variables.RemotePort;

    string ILoggedRequest.ServerPort => Variables.ServerPort;

    int ILoggedRequest.Worker => Asked is { IsAnswered: true } asked ? asked.WorkerNumber : 0;

    int ILoggedRequest.Thread => Asked is { IsAnswered: true } asked ? asked.WorkerThread : 0;

    long ILoggedRequest.ContentLength => Request.Headers.ContentLength ?? 0;

    bool ILoggedRequest.ReadFailed => ClientLeft && !IsReadToEnd;

    bool ILoggedRequest.WriteFailed => ClientLeft && IsReadToEnd;

    IReadOnlyDictionary<string, string>? ILoggedRequest.Variables => Asked?.LogVariables;

    /// <summary>Answers the request: by a route, from a static map, else from the application.</summary>
    public Task ProcessAsync()
    {
        Started = Stopwatch.GetTimestamp();
        Asked = null;
        Routed = null;
        ClientLeft = false;
        IsReadToEnd = !client.CanHaveBody;
        ResponseSize = 0;
        Via = "";
        Path = Variables.ReadPath(Site);
        // A body that nobody reads ends the connection: where it ends is not looked for.
        if (ClosesConnection)
            Response.Headers.Connection = "close";
        if (services.Gate is { } gate && gate.TryAnswer(this, out var answered))
            return answered;
        if (Site.Static.TryAnswer(this, out var sent))
            return sent;
        return AskApplication();
    }

    /// <summary>Has the application answer.</summary>
    public Task AskApplication()
    {
        if (!Site.Options.Application.IsNamed)
            return Refuse(StatusCodes.Status404NotFound);
        // Before anything of it is read: a client that waits for 100 (Continue) sends nothing in vain.
        if (Site.Options.BodyLimit is > 0 and var limit && !IsReadToEnd && Request.Headers.ContentLength > limit)
            return Refuse(StatusCodes.Status413PayloadTooLarge);
        Asked = _exchange ??= new ApplicationExchange(this, client);
        return Asked.Begin();
    }

    /// <summary>An error of the gateway's own. It ends the connection when a body has not been read: where it ends is not looked for.</summary>
    public Task Refuse(int status) => new OwnAnswer(status).Send(this);

    /// <summary>The body has been read as a whole: the connection may go on behind it.</summary>
    public void BodyIsRead()
    {
        IsReadToEnd = true;
        if (!services.ClosesConnections)
            Response.Headers.Connection = default;
    }

    /// <summary>Adds what `add-header` and routes add to an answer.</summary>
    public void AddFields(bool replaces)
    {
        Site.AddedFields?.Apply(Response.Headers, replaces);
        Routed?.Apply(Response.Headers, replaces);
    }

    /// <summary>Ends the connection at once, without an answer or within it.</summary>
    public void Cut() => client.Abort();

    /// <summary>
    /// Writes and flushes; the bytes have been copied when it returns. It never fails: what cannot be written ends the connection, for instance more
    /// than the Content-Length (the worker checks that, so this one is not to be trusted), and nothing after it reaches the client.
    /// </summary>
    public async Task Write(ReadOnlyMemory<byte> data)
    {
        try
        {
            await Response.Writer.WriteAsync(data);
        }
        catch (Exception)
        {
            Cut();
        }
    }
}
