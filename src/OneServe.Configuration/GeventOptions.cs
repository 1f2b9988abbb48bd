namespace OneServe.Configuration;

/// <summary>How a worker serves many requests at a time in greenlets.</summary>
public sealed record GeventOptions
{
    /// <summary>`gevent`: requests that each worker process serves at a time, a greenlet each; 0: it has threads.</summary>
    public int Requests { get; init; }

    /// <summary>`gevent-monkey-patch`: the standard library is patched before anything of the application is imported. Default true.</summary>
    public bool Patches { get; init; } = true;

    /// <summary>`gevent-wait-for-hub`: a worker that leaves waits for the application's own greenlets, too.</summary>
    public bool WaitsForHub { get; init; }
}
