using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OneServe.Gateway.Http;
using OneServe.Transport;

namespace OneServe.Gateway.Uwsgi;

/// <summary>One request and its answer in the uwsgi protocol, in the form in which the gateway knows those of HTTP.</summary>
internal sealed class UwsgiExchange : IHttpRequestFeature, IHttpResponseFeature, IHttpResponseBodyFeature, IRequestBodyPipeFeature,
    IHttpRequestBodyDetectionFeature, IHttpRequestLifetimeFeature
{
    private readonly ClientConnection _connection;
    private readonly PacketVariables _variables;
    private readonly AnswerWriter _answer;
    private IHeaderDictionary? _fields;
    private string? _protocol;
    private string? _scheme;
    private string? _method;
    private string? _query;
    private string? _target;
    private Stream? _requestStream;
    private Stream? _responseStream;

    /// <param name="connection">Its input stands behind the packet.</param>
    /// <param name="variables">The packet's.</param>
    public UwsgiExchange(ClientConnection connection, PacketVariables variables)
    {
        _connection = connection;
        _variables = variables;
        _answer = new AnswerWriter(connection.Output);
        Reader = new PacketBody(connection.Transport.Input, variables.ContentLength ?? 0);
        RequestAborted = connection.ConnectionClosed;
        Features = new RequestFeatures
        {
            Connection = connection,
            Request = this,
            Response = this,
            Output = this,
            Input = this,
            Detection = this,
            Lifetime = this,
            Variables = variables,
        };
    }

    /// <summary>All of it, as the gateway takes it.</summary>
    public RequestFeatures Features { get; }

    // ---- the request ----

    public string Protocol
    {
        get => _protocol ?? _variables.Protocol;
        set => _protocol = value;
    }

    public string Scheme
    {
        get => _scheme ?? _variables.Scheme;
        set => _scheme = value;
    }

    public string Method
    {
        get => _method ?? _variables.Method;
        set => _method = value;
    }

    public string PathBase { get; set; } = "";

    public string Path { get; set; } = "";

    public string QueryString
    {
        get => _query ?? _variables.QueryString;
        set => _query = value;
    }

    public string RawTarget
    {
        get => _target ?? _variables.Target;
        set => _target = value;
    }

    /// <summary>Made of the variables when files or routes ask for them.</summary>
    IHeaderDictionary IHttpRequestFeature.Headers
    {
        get => _fields ??= RequestFields();
        set => _fields = value;
    }

    public PipeReader Reader { get; }

    Stream IHttpRequestFeature.Body
    {
        get => _requestStream ??= Reader.AsStream();
        set => _requestStream = value;
    }

    public bool CanHaveBody => _variables.ContentLength > 0;

    // ---- the answer ----

    public int StatusCode
    {
        get => _answer.Status;
        set => _answer.Status = value;
    }

    public string? ReasonPhrase
    {
        get => _answer.Reason;
        set => _answer.Reason = value;
    }

    IHeaderDictionary IHttpResponseFeature.Headers
    {
        get => _answer.Fields;
        set => _answer.Fields = FieldList.Of(value);
    }

    public bool HasStarted => _answer.HasStarted;

    public PipeWriter Writer => _answer;

    public Stream Stream => _responseStream ??= _answer.AsStream();

    Stream IHttpResponseFeature.Body
    {
        get => Stream;
        set => _responseStream = value;
    }

    /// <summary>The answer is complete, unless its body is in the worker's debt.</summary>
    public void End() => _answer.Start();

    /// <summary>Nothing is buffered that somebody has flushed.</summary>
    public void DisableBuffering()
    {
    }

    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        _answer.Start();
        return Task.CompletedTask;
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
        => SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    public Task CompleteAsync()
    {
        End();
        return Task.CompletedTask;
    }

    // ---- its end ----

    public CancellationToken RequestAborted { get; set; }

    public void Abort() => _connection.Reset();

    // Call-backs are ASP.NET Core's middleware's. Between a connection and the gateway's own application there is none, and the application has the
    // request's beginning and end in its own hands (GatewayApplication).

    void IHttpResponseFeature.OnStarting(Func<object, Task> callback, object state)
    {
    }

    void IHttpResponseFeature.OnCompleted(Func<object, Task> callback, object state)
    {
    }

    /// <summary>The fields of the client's request, as far as the variables show them; of two of a name the last one.</summary>
    private FieldList RequestFields()
    {
        var fields = new FieldList { ContentLength = _variables.ContentLength };
        for (var reader = _variables.Reader; reader.TryRead(out var name, out var value);)
        {
            if (name.StartsWith("HTTP_"u8) && name.Length > 5)
                fields.Show(Encoding.Latin1.GetString(name[5..]).Replace('_', '-'), Encoding.Latin1.GetString(value));
            else if (name.SequenceEqual("CONTENT_TYPE"u8))
                fields.Show("Content-Type", Encoding.Latin1.GetString(value));
        }
        return fields;
    }
}
