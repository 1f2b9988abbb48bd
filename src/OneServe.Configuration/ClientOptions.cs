namespace OneServe.Configuration;

/// <summary>What the server puts up with from its clients: times, rates and numbers of connections.</summary>
public sealed record ClientOptions
{
    /// <summary>`http-headers-timeout`: from a request's first byte to its head's last one; then 408.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longer of `http-timeout` and `socket-timeout`: no byte of a body comes, or none of an answer is taken.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>`http-keepalive`: how long an idle connection is kept, above the 60 s of common load balancers, which must close first; zero: not at all.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>`http-min-body-rate`: bytes of a body a second; 0: any.</summary>
    public int MinimumBodyRate { get; init; } = 240;

    /// <summary>`http-min-response-rate`: bytes of an answer that a client takes in a second; 0: any.</summary>
    public int MinimumResponseRate { get; init; } = 240;

    /// <summary>`max-connections`: open at a time; 0: as many as there are descriptors.</summary>
    public int MaxConnections { get; init; }

    /// <summary>`max-connections-per-address`: open at a time from one client address; 0: any number.</summary>
    public int MaxConnectionsPerAddress { get; init; }
}
