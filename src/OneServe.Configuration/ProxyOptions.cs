using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>Who is believed when he says for whom he asks.</summary>
public sealed record ProxyOptions
{
    /// <summary>`trusted-proxies`: their addresses.</summary>
    public ImmutableArray<AddressRange> Addresses { get; init; } = Loopback;

    /// <summary>`trusted-proxies`: whoever may connect to a UNIX socket.</summary>
    public bool TrustsUnix { get; init; } = true;

    /// <summary>They have been named: `max-connections-per-address` does not count for them. What is trusted by default may be anybody on this machine.</summary>
    public bool AreNamed { get; init; }

    /// <summary>`enable-proxy-protocol`: their connections begin with a header of the PROXY protocol.</summary>
    public bool ProxyProtocol { get; init; }

    /// <summary>`trust-forwarded-host`: X-Forwarded-Host takes the place of Host. Off, because common proxy configurations hand on what a client made up.</summary>
    public bool TrustsHost { get; init; }

    private static ImmutableArray<AddressRange> Loopback { get; } =
        [.. new[] { "127.0.0.0/8", "::1" }.Select(static text => AddressRange.TryParse(text, out var range) ? range : default)];

    /// <summary>The same proxies, told in another order or not.</summary>
    public bool Equals(ProxyOptions? other) => other is not null
        && Addresses.SequenceEqual(other.Addresses)
        && (TrustsUnix, AreNamed, ProxyProtocol, TrustsHost) == (other.TrustsUnix, other.AreNamed, other.ProxyProtocol, other.TrustsHost);

    public override int GetHashCode() => HashCode.Combine(Addresses.Length, TrustsUnix, ProxyProtocol, TrustsHost);
}
