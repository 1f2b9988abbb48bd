namespace OneServe.Transport;

/// <summary>What is spoken on the connections of a listening socket, and who serves them.</summary>
public sealed class ConnectionProtocol
{
    /// <summary>Decides on the beginning of each exchange; null: the protocol sees all as it comes. To be set before there are connections.</summary>
    public IInputFilter? Filter { get; set; }

    /// <summary>Reads what proxies say before the first exchange; null: nothing. Needs a <see cref="Filter"/>.</summary>
    public IConnectionPreface? Preface { get; set; }

    /// <summary>
    /// Called on the connection's loop; has to end with <see cref="ClientConnection.DisposeAsync"/>. Null: Kestrel serves.
    /// </summary>
    public Action<ClientConnection>? Serve { get; init; }

    /// <summary>The peers are servers that speak for many clients: no number per address counts for them.</summary>
    public bool HasFrontServers { get; init; }
}
