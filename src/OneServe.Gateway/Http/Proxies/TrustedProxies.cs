using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe.Gateway.Http.Proxies;

/// <summary>Who is believed when he says for whom he asks.</summary>
internal sealed class TrustedProxies(ProxyOptions options)
{
    private readonly AddressRange[] _ranges = [.. options.Addresses];

    /// <summary>X-Forwarded-Host takes the place of Host.</summary>
    public bool TrustsHost { get; } = options.TrustsHost;

    /// <summary>Their connections begin with a header of the PROXY protocol.</summary>
    public bool SpeakProxyProtocol { get; } = options.ProxyProtocol;

    /// <summary>No number of connections per address counts for this peer.</summary>
    public bool MayHaveAnyNumber(in SocketName peer) => options.AreNamed && Contains(peer);

    public bool Contains(in SocketName peer)
    {
        if (!peer.IsInternet)
            return options.TrustsUnix;
        foreach (var range in _ranges)
        {
            if (range.Contains(peer.Address))
                return true;
        }
        return false;
    }
}
