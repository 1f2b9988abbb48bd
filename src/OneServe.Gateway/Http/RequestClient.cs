using Microsoft.AspNetCore.Http;
using OneServe.Application.Marshal;
using OneServe.Gateway.Http.Proxies;
using OneServe.Transport;

namespace OneServe.Gateway.Http;

/// <summary>Who asks: the connection's other end, or whom a trusted proxy names for the request.</summary>
internal sealed class RequestClient(ClientConnection connection)
{
    private ClientEnviron? _own;
    private ForwardedClient? _forwarded;

    /// <summary>Without port; "" behind a UNIX socket whose peer names nobody.</summary>
    public string Address => _forwarded?.Address ?? connection.RemoteAddress;

    /// <summary>`http` or `https`.</summary>
    public string Scheme => ClientEnviron.SchemeOf(connection, _forwarded);

    /// <summary>The client's port; "" where it is not known.</summary>
    public string RemotePort => ClientEnviron.RemotePortOf(connection, _forwarded);

    /// <summary>The port that the client has asked.</summary>
    public string ServerPort => ClientEnviron.ServerPortOf(connection, _forwarded);

    /// <summary>A request's head is there: what does a trusted proxy say in it?</summary>
    public void Read(IHeaderDictionary fields, TrustedProxies proxies)
    {
        _forwarded = proxies.Contains(connection.Client) ? ForwardedFields.Read(fields, proxies) : null;
        if (_forwarded?.Host is { } host && proxies.TrustsHost)
            fields.Host = host;
    }

    /// <summary>Writes the environ's entries about client and server; returns their number.</summary>
    public int WriteEnviron(ref PacketWriter packet)
    {
        // Of a connection they are always the same.
        var entries = _forwarded is null ? _own ??= ClientEnviron.Of(connection, null) : ClientEnviron.Of(connection, _forwarded);
        packet.Raw(entries.Bytes);
        return entries.Count;
    }
}
