using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OneServe.Application;
using OneServe.Application.Marshal;
using OneServe.Gateway.Routing;
using OneServe.Posix;
using OneServe.Transport;

namespace OneServe.Gateway.Http;

/// <summary>
/// One request, from the head to the last byte of its answer; an HTTP/1 connection uses one object for all its requests. Everything runs on the
/// connection's loop.
/// </summary>
internal sealed class RequestContext : ApplicationRequest, IClientObserver
{
    private readonly GatewayServices _services;
    private readonly IHttpRequestFeature _request;
    private readonly IHttpResponseFeature _response;
    private readonly IHttpResponseBodyFeature _output;
    private readonly IRequestBodyPipeFeature _input;
    private readonly IHttpRequestBodyDetectionFeature _detection;
    private readonly IHttpRequestLifetimeFeature _lifetime;
    private readonly IHttpMaxRequestBodySizeFeature _bodySize;
    private readonly RequestBody _body;
    private StreamedResponse? _stream;
    private TaskCompletionSource? _answered;
    private bool _mayHaveBody;
    private DelegatedFile? _delegated;
    private int _number;

    public RequestContext(IFeatureCollection features, GatewayServices services)
    {
        _services = services;
        _body = new RequestBody(services.BodyMemory, services.BodyClock);
        Connection = features.GetRequiredFeature<ClientConnection>();
        _request = features.GetRequiredFeature<IHttpRequestFeature>();
        _response = features.GetRequiredFeature<IHttpResponseFeature>();
        _output = features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _input = features.GetRequiredFeature<IRequestBodyPipeFeature>();
        _detection = features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>();
        _bodySize = features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>();
        _lifetime = features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        Variables = features.Get<IMetaVariables>() ?? new HttpVariables(_request, Connection);
    }

    public ClientConnection Connection { get; }

    public IHttpRequestFeature Request => _request;

    public IHttpResponseFeature Response => _response;

    public IHttpResponseBodyFeature Output => _output;

    /// <summary>The decoded path (<see cref="RequestPath"/>).</summary>
    public string Path { get; private set; } = "";

    /// <summary>When the head was read (<see cref="Stopwatch"/> ticks).</summary>
    public long Started { get; private set; }

    /// <summary>Who asks, and for what, as the application hears of it.</summary>
    public IMetaVariables Variables { get; }

    /// <summary>What routes have decided about the request; null: none is about it.</summary>
    public RouteDecision? Routed { get; set; }

    /// <summary>What the requests of its loop share.</summary>
    public GatewayServices Services => _services;

    public Site Site => _services.Site;

    /// <summary>The connection cannot go on, or may not: the rest of a body is not looked for.</summary>
    public bool ClosesConnection => _services.ClosesConnections || !IsReadToEnd;

    // ---- for the access log ----

    public bool AskedApplication { get; private set; }

    /// <summary>A worker has answered.</summary>
    public bool IsWorkers => AskedApplication && WorkerRequests > 0;

    public int VariableCount { get; private set; }

    public int VariablesSize { get; private set; }

    /// <summary>Bytes of the response's body.</summary>
    public long ResponseSize { get; set; }

    /// <summary>How the body left.</summary>
    public string Via { get; set; } = "";

    /// <summary>The client left before it had its answer.</summary>
    public bool ClientLeft { get; private set; }

    /// <summary>
    /// What the application has set for this request's line (uWSGI's `set_logvar`), by name; null: nothing. Whoever brings it from the worker sets it
    /// before the answer ends; `log-format` reads it then.
    /// </summary>
    public IReadOnlyDictionary<string, string>? LogVariables { get; set; }

    /// <summary>Bytes of the answer that are kept for a client that does not take it.</summary>
    public long ResponseBufferLimit => _services.Site.Options.ResponseBufferLimit;

    /// <summary>Nothing of the request is left to be read from the connection.</summary>
    public bool IsReadToEnd { get; private set; }

    /// <summary>Answers the request: by a route, from a static map, else from the application.</summary>
    public Task ProcessAsync()
    {
        _number++;
        Started = Stopwatch.GetTimestamp();
        AskedApplication = ClientLeft = false;
        IsReadToEnd = !_detection.CanHaveBody;
        VariableCount = VariablesSize = 0;
        ResponseSize = 0;
        Via = "";
        _stream = null;
        Routed = null;
        LogVariables = null;
        Path = Variables.ReadPath(Site);
        // A body that nobody reads ends the connection: where it ends is not looked for.
        if (ClosesConnection)
            _response.Headers.Connection = "close";
        if (_services.Gate is { } gate && gate.TryAnswer(this, out var answered))
            return answered;
        if (_services.Site.Static.TryAnswer(this, out var sent))
            return sent;
        return AskApplication();
    }

    /// <summary>Has the application answer.</summary>
    public Task AskApplication()
    {
        if (!_services.Site.Options.Application.IsNamed)
            return Refuse(StatusCodes.Status404NotFound);
        if (_services.Site.Options.BodyLimit is > 0 and var limit && !IsReadToEnd)
        {
            // Before anything of it is read: a client that waits for 100 (Continue) sends nothing in vain.
            if (_request.Headers.ContentLength > limit)
                return Refuse(StatusCodes.Status413PayloadTooLarge);
            _bodySize.MaxRequestBodySize = limit;
        }
        AskedApplication = true;
        return IsReadToEnd ? Ask() : ReadBodyThenAsk();
    }

    /// <summary>An answer that ends the connection: what else the client sends is not read.</summary>
    private Task Refuse(int status) => new OwnAnswer(status) { Closes = true }.Send(this);

    private async Task ReadBodyThenAsk()
    {
        try
        {
            await _body.ReadAsync(_input.Reader);
        }
        catch (Exception error) when (BodyFault.StatusOf(error, Connection) is var status and not 0)
        {
            _body.Release();
            if (error is SystemCallException noSpace)
                _services.NoSpace.Add(noSpace);
            ClientLeft = Connection.IsHalfClosed;
            await Refuse(status);
            return;
        }
        catch
        {
            _body.Release();
            ClientLeft = true;
            throw;
        }
        IsReadToEnd = true;
        if (!_services.ClosesConnections)
            _response.Headers.Connection = default;
        Body = _body.Memory;
        BodyFile = _body.File;
        BodyLength = _body.Length;
        try
        {
            await Ask();
        }
        finally
        {
            Body = default;
            BodyFile = null;
            BodyLength = 0;
            _body.Release();
        }
    }

    private Task Ask()
    {
        _mayHaveBody = true;
        if (!_services.Dispatcher.Submit(this))
        {
            OnFailed(ApplicationFailure.QueueFull);
            return Task.CompletedTask;
        }
        Connection.Observer = this;
        _answered = new TaskCompletionSource();
        return _answered.Task;
    }

    private void Complete()
    {
        Connection.Observer = null;
        var answered = _answered;
        _answered = null;
        _stream = null;
        answered?.SetResult();
    }

    // ---- the application's side ----

    public override string Method => _request.Method;

    public override string Target => _request.RawTarget;

    protected override bool IsSafeToRepeat => _request.Method is "GET" or "HEAD" or "OPTIONS";

    protected override void WriteEnviron(ref PacketWriter packet)
    {
        int before = packet.Length;
        VariableCount = Variables.WriteEnviron(ref packet, Path, BodyLength, Routed?.User ?? "");
        VariablesSize = packet.Length - before;
    }

    protected override bool OnReply(ReadOnlySpan<byte> head, ReadOnlyMemory<byte> body)
    {
        if (!TryApplyHead(head))
            return false;
        if (_delegated is not null)
        {
            OnEnd();
            return true;
        }
        bool framed = _response.Headers.ContentLength is not null;
        if (_mayHaveBody && !framed)
            _response.Headers.ContentLength = body.Length;
        if (!_mayHaveBody || body.IsEmpty)
        {
            // HEAD without a Content-Length of the application's: what GET would send is not known, so nothing is said (RFC 9110, 8.6).
            Complete();
            return true;
        }
        ResponseSize = body.Length;
        CompleteAfter(Write(body));
        return true;
    }

    protected override void OnInterim(ReadOnlySpan<byte> head)
    {
        if (!_response.HasStarted && Variables.TakesInterimResponses)
            InterimResponse.Send(head, Connection.Output);
    }

    protected override bool OnHead(ReadOnlySpan<byte> head) => TryApplyHead(head);

    protected override bool OnVariables(ReadOnlySpan<byte> variables)
    {
        bool isSane = ResponseHeadReader.TryReadVariables(variables, out var read);
        LogVariables = read;
        return isSane;
    }

    protected override bool OnData(ReadOnlyMemory<byte> data)
    {
        if (!_mayHaveBody || data.IsEmpty)
            return true;
        ResponseSize += data.Length;
        return (_stream ??= new StreamedResponse(this)).Write(data);
    }

    protected override bool OnFile(SharedFile file, long offset, long length)
    {
        if (!_mayHaveBody || length == 0)
            return true;
        ResponseSize += length;
        return (_stream ??= new StreamedResponse(this)).Write(file, offset, length);
    }

    protected override void OnEnd()
    {
        if (_delegated is { } file)
            CompleteAfter(file.SendAsync(this, _lifetime));
        else if (_stream is null)
            Complete();
        else
            _stream.End(intact: true);
    }

    // ---- what a stream asks for; one of an earlier request of the connection is not heard any more ----

    /// <summary>The client has taken what was kept for it: the rest may come.</summary>
    public void Resume(StreamedResponse stream)
    {
        if (stream == _stream)
            _services.Dispatcher.Resume(this);
    }

    /// <summary>All of the body has been handed on; when it is not intact the connection is cut, so that nobody takes it for the whole.</summary>
    public void Finish(StreamedResponse stream, bool intact)
    {
        if (stream != _stream)
            return;
        if (intact)
            Complete();
        else
            CutAfterThisTurn(stream);
    }

    /// <summary>Cuts the connection at once.</summary>
    public void Abort(StreamedResponse stream)
    {
        if (stream == _stream)
            _lifetime.Abort();
    }

    /// <summary>What has been written in this turn of the loop leaves at its end: the client sees how far the answer came.</summary>
    private async void CutAfterThisTurn(StreamedResponse stream)
    {
        await Task.Yield();
        if (stream != _stream)
            return;
        _lifetime.Abort();
        Complete();
    }

    protected override void OnFailed(ApplicationFailure failure)
    {
        if (_response.HasStarted)
        {
            if (_stream is not null)
            {
                _stream.End(intact: false);
                return;
            }
            _lifetime.Abort();
            Complete();
            return;
        }
        int status = FailureStatus.Of(failure);
        CompleteAfter(new OwnAnswer(status) { RetryAfter = status == StatusCodes.Status503ServiceUnavailable ? _services.Dispatcher.RetryAfter : 0 }.Send(this));
    }

    void IClientObserver.ClientGone()
    {
        // A client that has only ended its writing half may still read its answer. That is worth an answer that is being made or about to be,
        // but no place in a queue: most such clients have left, and a queue full of the departed is what breaks a busy site.
        if (_answered is null || (!Connection.IsBroken && !(IsWaiting && _services.Dispatcher.IsBacklogged)))
            return;
        ClientLeft = true;
        _services.Dispatcher.Withdraw(this);
        _lifetime.Abort();
        Complete();
    }

    private bool TryApplyHead(ReadOnlySpan<byte> head)
    {
        if (_services.Heads.TryApply(head, _response, out var variables))
        {
            LogVariables = variables;
            // RFC 9110, 6.4.1 and 15.3.6: no body whatever the application sent.
            bool hasContent = _response.StatusCode is not (204 or 205 or 304);
            var named = _services.Site.Delegated.Take(_response.Headers);
            // A file takes the place of whatever the application sends.
            _delegated = hasContent ? named : null;
            _mayHaveBody = hasContent && named is null && _request.Method != "HEAD";
            if (_response.StatusCode is 204 or 205)
                _response.Headers.ContentLength = _response.StatusCode == 205 ? 0 : null;
            if (_services.ClosesConnections)
                _response.Headers.Connection = "close";
            AddFields(replaces: false);
            return true;
        }
        return false;
    }

    /// <summary>Adds what `add-header` and routes add to an answer.</summary>
    public void AddFields(bool replaces)
    {
        _services.Site.AddedFields?.Apply(_response.Headers, replaces);
        Routed?.Apply(_response.Headers, replaces);
    }

    /// <summary>Ends the connection without an answer.</summary>
    public void Cut() => _lifetime.Abort();

    /// <summary>
    /// Writes and flushes; the bytes have been copied when it returns. It never fails: what cannot be written ends the connection, for instance more
    /// than the Content-Length (the worker checks that, so this one is not to be trusted), and nothing after it reaches the client.
    /// </summary>
    public async Task Write(ReadOnlyMemory<byte> data)
    {
        try
        {
            await _output.Writer.WriteAsync(data);
        }
        catch (Exception)
        {
            _lifetime.Abort();
        }
    }

    private void CompleteAfter(Task written)
    {
        if (written.IsCompleted)
            Complete();
        else
            CompleteLater(written);
    }

    // The connection may be at its next request, in this same object, when a write of the last one ends: only with an aborted connection, but then
    // what was pipelined is still handled.

    private async void CompleteLater(Task written)
    {
        int number = _number;
        await written;
        if (number == _number)
            Complete();
    }
}
