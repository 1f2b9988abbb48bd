using System.Collections;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OneServe.Gateway.Http;
using OneServe.Transport;

namespace OneServe.Gateway.Uwsgi;

/// <summary>
/// One request and its answer in the uwsgi protocol, in the form in which the gateway knows those of HTTP. It is its own collection of features.
/// </summary>
internal sealed class UwsgiExchange : IFeatureCollection, IHttpRequestFeature, IHttpResponseFeature, IHttpResponseBodyFeature, IRequestBodyPipeFeature,
    IHttpRequestBodyDetectionFeature, IHttpRequestLifetimeFeature, IHttpMaxRequestBodySizeFeature
{
    private readonly ClientConnection _connection;
    private readonly PacketVariables _variables;
    private readonly AnswerWriter _answer;
    private FieldList? _fields;

    /// <param name="connection">Its input stands behind the packet.</param>
    /// <param name="variables">The packet's.</param>
    public UwsgiExchange(ClientConnection connection, PacketVariables variables)
    {
        _connection = connection;
        _variables = variables;
        _answer = new AnswerWriter(connection.Output);
        Reader = new PacketBody(connection.Transport.Input, variables.ContentLength ?? 0);
    }

    /// <summary>The answer is complete, unless its body is in the worker's debt.</summary>
    public void End() => _answer.Start();

    // ---- the request ----

    public PipeReader Reader { get; }

    bool IHttpRequestBodyDetectionFeature.CanHaveBody => _variables.ContentLength > 0;

    /// <summary>CONTENT_LENGTH is known before anything is read: whoever compares it needs no limit here.</summary>
    long? IHttpMaxRequestBodySizeFeature.MaxRequestBodySize { get; set; }

    bool IHttpMaxRequestBodySizeFeature.IsReadOnly => false;

    string IHttpRequestFeature.Protocol
    {
        get => _variables.Protocol;
        set => throw new NotSupportedException();
    }

    string IHttpRequestFeature.Scheme
    {
        get => _variables.Scheme;
        set => throw new NotSupportedException();
    }

    string IHttpRequestFeature.Method
    {
        get => _variables.Method;
        set => throw new NotSupportedException();
    }

    string IHttpRequestFeature.PathBase { get; set; } = "";

    string IHttpRequestFeature.Path { get; set; } = "";

    string IHttpRequestFeature.QueryString
    {
        get => _variables.QueryString;
        set => throw new NotSupportedException();
    }

    string IHttpRequestFeature.RawTarget
    {
        get => _variables.Target;
        set => throw new NotSupportedException();
    }

    /// <summary>Made of the variables when files or routes ask for them.</summary>
    IHeaderDictionary IHttpRequestFeature.Headers
    {
        get => _fields ??= RequestFields();
        set => throw new NotSupportedException();
    }

    Stream IHttpRequestFeature.Body
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    // ---- the answer ----

    public PipeWriter Writer => _answer;

    int IHttpResponseFeature.StatusCode
    {
        get => _answer.Status;
        set => _answer.Status = value;
    }

    string? IHttpResponseFeature.ReasonPhrase
    {
        get => _answer.Reason;
        set => _answer.Reason = value;
    }

    IHeaderDictionary IHttpResponseFeature.Headers
    {
        get => _answer.Fields;
        set => throw new NotSupportedException();
    }

    bool IHttpResponseFeature.HasStarted => _answer.HasStarted;

    Stream IHttpResponseFeature.Body
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    void IHttpResponseFeature.OnStarting(Func<object, Task> callback, object state) => throw new NotSupportedException();

    void IHttpResponseFeature.OnCompleted(Func<object, Task> callback, object state) => throw new NotSupportedException();

    Stream IHttpResponseBodyFeature.Stream => throw new NotSupportedException();

    void IHttpResponseBodyFeature.DisableBuffering()
    {
    }

    Task IHttpResponseBodyFeature.StartAsync(CancellationToken cancellationToken)
    {
        _answer.Start();
        return Task.CompletedTask;
    }

    Task IHttpResponseBodyFeature.SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    Task IHttpResponseBodyFeature.CompleteAsync()
    {
        End();
        return Task.CompletedTask;
    }

    // ---- its end ----

    CancellationToken IHttpRequestLifetimeFeature.RequestAborted
    {
        get => _connection.ConnectionClosed;
        set => throw new NotSupportedException();
    }

    void IHttpRequestLifetimeFeature.Abort() => _connection.Reset();

    // ---- the collection ----

    bool IFeatureCollection.IsReadOnly => true;

    int IFeatureCollection.Revision => 0;

    object? IFeatureCollection.this[Type key]
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public TFeature? Get<TFeature>()
    {
        if (this is TFeature own)
            return own;
        if (_variables is TFeature variables)
            return variables;
        return _connection is TFeature connection ? connection : default;
    }

    void IFeatureCollection.Set<TFeature>(TFeature? instance)
        where TFeature : default => throw new NotSupportedException();

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => throw new NotSupportedException();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

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
