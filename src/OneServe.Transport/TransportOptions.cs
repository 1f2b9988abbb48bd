namespace OneServe.Transport;

/// <summary>Times and bounds of the transport.</summary>
public sealed record TransportOptions
{
    /// <summary>An idle connection gives up its memory after this time; <see cref="Timeout.InfiniteTimeSpan"/>: never.</summary>
    public TimeSpan HibernateAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>An idle connection is closed after this time. Above the 60 s of common load balancers, which must be the first to close.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>A connection whose client takes no byte for this time is aborted.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a connection that was closed with input outstanding is read from, so that no reset destroys the answer.</summary>
    public TimeSpan LingerTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many bytes are discarded then.</summary>
    public long LingerBytes { get; init; } = 8 << 20;
}
