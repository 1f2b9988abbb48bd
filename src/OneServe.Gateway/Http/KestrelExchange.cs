using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OneServe.Transport;

namespace OneServe.Gateway.Http;

/// <summary>A request as Kestrel has read it; over HTTP/1 those of a connection, one after another.</summary>
internal sealed class KestrelExchange : IClientExchange, IClientRequest, IClientResponse
{
    private readonly IHttpRequestFeature _request;
    private readonly IHttpResponseFeature _response;
    private readonly IHttpResponseBodyFeature _output;
    private readonly IRequestBodyPipeFeature _input;
    private readonly IHttpRequestBodyDetectionFeature _detection;
    private readonly IHttpRequestLifetimeFeature _lifetime;

    public KestrelExchange(IFeatureCollection features)
    {
        Connection = features.GetRequiredFeature<ClientConnection>();
        _request = features.GetRequiredFeature<IHttpRequestFeature>();
        _response = features.GetRequiredFeature<IHttpResponseFeature>();
        _output = features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _input = features.GetRequiredFeature<IRequestBodyPipeFeature>();
        _detection = features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>();
        _lifetime = features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        Variables = new HttpVariables(_request, Connection);
    }

    public ClientConnection Connection { get; }

    public IMetaVariables Variables { get; }

    public IClientRequest Request => this;

    public IClientResponse Response => this;

    // ---- the request ----

    public string Method => _request.Method;

    public string RawTarget => _request.RawTarget;

    public string QueryString => _request.QueryString;

    public string Protocol => _request.Protocol;

    IHeaderDictionary IClientRequest.Headers => _request.Headers;

    public bool CanHaveBody => _detection.CanHaveBody;

    public PipeReader Body => _input.Reader;

    // ---- the answer ----

    public int StatusCode
    {
        get => _response.StatusCode;
        set => _response.StatusCode = value;
    }

    public string? ReasonPhrase
    {
        get => _response.ReasonPhrase;
        set => _response.ReasonPhrase = value;
    }

    IHeaderDictionary IClientResponse.Headers => _response.Headers;

    public bool HasStarted => _response.HasStarted;

    public PipeWriter Writer => _output.Writer;

    public Task StartAsync() => _output.StartAsync();

    public void Abort() => _lifetime.Abort();
}
