using Microsoft.AspNetCore.Http;
using OneServe.Application;
using OneServe.Application.Marshal;
using OneServe.Gateway.Routing;
using OneServe.Posix;
using OneServe.Transport;

namespace OneServe.Gateway.Http;

/// <summary>
/// A request's way to the application and its answer's way back: the body is read as a whole, the dispatcher finds a worker, what it answers goes to the
/// client as fast as that takes it. One object for all requests of a connection.
/// </summary>
internal sealed class ApplicationExchange(RequestContext context, IClientExchange client) : ApplicationRequest, IClientObserver
{
    private readonly RequestBody _body = new(context.Services.BodyMemory, context.Services.BodyClock);
    private StreamedResponse? _stream;
    private DelegatedFile? _delegated;
    private TaskCompletionSource? _answered;
    private bool _mayHaveBody;
    private bool _isSubmitted;
    private int _completed;

    public override string Method => Request.Method;

    public override string Target => Request.RawTarget;

    /// <summary>A worker has answered.</summary>
    public bool IsAnswered => _isSubmitted && WorkerRequests > 0;

    /// <summary>Entries of the environ that describe the request.</summary>
    public int VariableCount { get; private set; }

    /// <summary>Their bytes.</summary>
    public int VariablesSize { get; private set; }

    /// <summary>What the application has set for this request's line of the access log (uWSGI's `set_logvar`), by name; null: nothing.</summary>
    public IReadOnlyDictionary<string, string>? LogVariables { get; private set; }

    /// <summary>Bytes of the answer that are kept for a client that does not take it.</summary>
    public long ResponseBufferLimit => context.Site.Options.ResponseBufferLimit;

    protected override bool IsSafeToRepeat => Request.Method is "GET" or "HEAD" or "OPTIONS";

    private IClientRequest Request => context.Request;

    private IClientResponse Response => context.Response;

    private GatewayServices Services => context.Services;

    /// <summary>Reads the body and asks. Completes when the answer is with the transport.</summary>
    public Task Begin()
    {
        _isSubmitted = false;
        _stream = null;
        _delegated = null;
        LogVariables = null;
        VariableCount = VariablesSize = 0;
        return context.IsReadToEnd ? Submit() : ReadBodyThenSubmit();
    }

    // ---- what a stream asks for; one of an earlier request of the connection is not heard any more ----

    /// <summary>The client has taken what was kept for it: the rest may come.</summary>
    public void Resume(StreamedResponse stream)
    {
        if (stream == _stream)
            Services.Dispatcher.Resume(this);
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
            context.Cut();
    }

    void IClientObserver.ClientGone()
    {
        // A client that has only ended its writing half may still read its answer. That is worth an answer that is being made or about to be,
        // but no place in a queue: most such clients have left, and a queue full of the departed is what breaks a busy site. One that ends it
        // together with its request means to read: as that has not been sent on by then, it is not held against it. Another that reads is told.
        bool isBroken = context.Connection.IsBroken;
        if (_answered is null || (!isBroken && !Services.Dispatcher.IsQueued(this)))
            return;
        context.ClientLeft = true;
        Services.Dispatcher.Withdraw(this);
        if (!isBroken)
        {
            CompleteAfter(Refusal(ApplicationFailure.QueueFull).Send(context));
            return;
        }
        context.Cut();
        Complete();
    }

    // ---- what the dispatcher tells ----

    protected override void WriteEnviron(ref PacketWriter packet)
    {
        int before = packet.Length;
        VariableCount = context.Variables.WriteEnviron(ref packet, context.Path, BodyLength, context.Routed?.User ?? "");
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
        bool framed = Response.Headers.ContentLength is not null;
        if (_mayHaveBody && !framed)
            Response.Headers.ContentLength = body.Length;
        if (!_mayHaveBody || body.IsEmpty)
        {
            // HEAD without a Content-Length of the application's: what GET would send is not known, so nothing is said (RFC 9110, 8.6).
            Complete();
            return true;
        }
        context.ResponseSize = body.Length;
        CompleteAfter(context.Write(body));
        return true;
    }

    protected override void OnInterim(ReadOnlySpan<byte> head)
    {
        if (!Response.HasStarted && context.Variables.TakesInterimResponses)
            InterimResponse.Send(head, context.Connection.Output);
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
        context.ResponseSize += data.Length;
        return (_stream ??= new StreamedResponse(this, context)).Write(data);
    }

    protected override bool OnFile(SharedFile file, long offset, long length)
    {
        if (!_mayHaveBody || length == 0)
            return true;
        context.ResponseSize += length;
        return (_stream ??= new StreamedResponse(this, context)).Write(file, offset, length);
    }

    protected override void OnEnd()
    {
        if (_delegated is { } file)
            CompleteAfter(file.SendAsync(context));
        else if (_stream is null)
            Complete();
        else
            _stream.End(intact: true);
    }

    protected override void OnFailed(ApplicationFailure failure)
    {
        if (Response.HasStarted)
        {
            if (_stream is not null)
            {
                _stream.End(intact: false);
                return;
            }
            context.Cut();
            Complete();
            return;
        }
        CompleteAfter(Refusal(failure).Send(context));
    }

    private OwnAnswer Refusal(ApplicationFailure failure)
    {
        int status = FailureStatus.Of(failure);
        return new OwnAnswer(status) { RetryAfter = status == StatusCodes.Status503ServiceUnavailable ? Services.Dispatcher.RetryAfter : 0 };
    }

    private bool TryApplyHead(ReadOnlySpan<byte> head)
    {
        if (!Services.Heads.TryApply(head, Response, out var variables))
            return false;
        LogVariables = variables;
        // RFC 9110, 6.4.1 and 15.3.6: no body whatever the application sent.
        bool hasContent = Response.StatusCode is not (204 or 205 or 304);
        var named = context.Site.Delegated.Take(Response.Headers);
        // A file takes the place of whatever the application sends.
        _delegated = hasContent ? named : null;
        _mayHaveBody = hasContent && named is null && Request.Method != "HEAD";
        if (Response.StatusCode is 204 or 205)
            Response.Headers.ContentLength = Response.StatusCode == 205 ? 0 : null;
        if (Services.ClosesConnections)
            Response.Headers.Connection = "close";
        context.AddFields(replaces: false);
        return true;
    }

    // ---- the body, and the end ----

    private async Task ReadBodyThenSubmit()
    {
        try
        {
            // Kestrel's own limit would count the chunks' heads, too.
            await _body.ReadAsync(client.Body, context.Site.Options.BodyLimit);
        }
        catch (Exception error) when (BodyFault.StatusOf(error, context.Connection) is var status and not 0)
        {
            _body.Release();
            if (error is SystemCallException noSpace)
                Services.NoSpace.Add(noSpace);
            context.ClientLeft = context.Connection.IsHalfClosed;
            await context.Refuse(status);
            return;
        }
        catch
        {
            _body.Release();
            context.ClientLeft = true;
            throw;
        }
        context.BodyIsRead();
        Body = _body.Memory;
        BodyFile = _body.File;
        BodyLength = _body.Length;
        try
        {
            await Submit();
        }
        finally
        {
            Body = default;
            BodyFile = null;
            BodyLength = 0;
            _body.Release();
        }
    }

    private Task Submit()
    {
        _mayHaveBody = true;
        _isSubmitted = true;
        if (!Services.Dispatcher.Submit(this))
            return Refusal(ApplicationFailure.QueueFull).Send(context);
        context.Connection.Observer = this;
        _answered = new TaskCompletionSource();
        return _answered.Task;
    }

    private void Complete()
    {
        _completed++;
        context.Connection.Observer = null;
        var answered = _answered;
        _answered = null;
        _stream = null;
        answered?.SetResult();
    }

    private void CompleteAfter(Task written)
    {
        if (written.IsCompleted)
            Complete();
        else
            CompleteLater(written);
    }

    // The client may leave while a write is under way. That completes the request, and the connection may be at its next one, in this same object, when
    // the write ends: an aborted connection still handles what was pipelined.

    private async void CompleteLater(Task written)
    {
        int before = _completed;
        await written;
        if (before == _completed)
            Complete();
    }

    /// <summary>What has been written in this turn of the loop leaves at its end: the client sees how far the answer came.</summary>
    private async void CutAfterThisTurn(StreamedResponse stream)
    {
        await Task.Yield();
        if (stream != _stream)
            return;
        context.Cut();
        Complete();
    }
}
