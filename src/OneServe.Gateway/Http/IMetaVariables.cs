using OneServe.Application.Marshal;

namespace OneServe.Gateway.Http;

/// <summary>
/// A request's meta-variables (RFC 3875, section 4.1) as far as they depend on the protocol that it came by: over HTTP they are made of its head and
/// its connection, over the uwsgi protocol the server in front has made them.
/// </summary>
internal interface IMetaVariables
{
    /// <summary>The client's address without port; "" where nobody tells it.</summary>
    string Address { get; }

    /// <summary>Whom the server in front has let in; empty: nobody.</summary>
    string User { get; }

    /// <summary>The client may be sent interim responses.</summary>
    bool TakesInterimResponses { get; }

    /// <summary>A request's head is there: returns its decoded path, one character an octet, without dot segments.</summary>
    /// <param name="site">Under which it is served.</param>
    string ReadPath(Site site);

    /// <summary>Writes the environ's entries; returns their number.</summary>
    /// <param name="packet">Where to.</param>
    /// <param name="path">What <see cref="ReadPath"/> has returned.</param>
    /// <param name="bodyLength">Bytes of the body that has been read.</param>
    /// <param name="user">Whom a route has let in; empty: nobody.</param>
    int WriteEnviron(ref PacketWriter packet, string path, long bodyLength, string user);
}
