using Microsoft.AspNetCore.Http.Features;
using OneServe.Application.Marshal;
using OneServe.Transport;

namespace OneServe.Gateway.Http;

/// <summary>The meta-variables of HTTP requests, those of one connection after another.</summary>
internal sealed class HttpVariables(IHttpRequestFeature request, ClientConnection connection) : IMetaVariables
{
    private readonly RequestClient _client = new(connection);

    public string Address => _client.Address;

    public string User => "";

    /// <summary>RFC 9110, 15.2: a client of HTTP/1.0 does not know them.</summary>
    public bool TakesInterimResponses => request.Protocol == "HTTP/1.1";

    public string ReadPath(Site site)
    {
        string path = RequestPath.Decode(request.RawTarget, request.Path);
        _client.Read(request.Headers, site.Proxies);
        return path;
    }

    public int WriteEnviron(ref PacketWriter packet, string path, long bodyLength, string user)
    {
        long? length = bodyLength > 0 || request.Headers.ContentLength is not null ? bodyLength : null;
        return _client.WriteEnviron(ref packet) + RequestEnviron.Write(ref packet, request, path, length, user);
    }
}
