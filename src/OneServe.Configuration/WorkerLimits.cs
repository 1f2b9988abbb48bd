namespace OneServe.Configuration;

/// <summary>When a worker's process is replaced, and when a request is given up. Zero: never.</summary>
public sealed record WorkerLimits
{
    /// <summary>`max-requests`: a process that has answered so many is replaced; the next one is ready before it goes.</summary>
    public long Requests { get; init; }

    /// <summary>`max-requests-delta`: so many more for each further worker; null: a tenth of <see cref="Requests"/> is spread over them.</summary>
    public long? RequestsDelta { get; init; }

    /// <summary>`min-worker-lifetime`: no process is replaced earlier for what it has served or uses.</summary>
    public TimeSpan LeastLifetime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>`max-worker-lifetime`.</summary>
    public TimeSpan Lifetime { get; init; }

    /// <summary>`max-worker-lifetime-delta`: so much longer for each further worker.</summary>
    public TimeSpan LifetimeDelta { get; init; }

    /// <summary>`reload-on-rss`, bytes: a process with more resident memory after a request is replaced.</summary>
    public long Resident { get; init; }

    /// <summary>`reload-on-as`, bytes: likewise for address space.</summary>
    public long AddressSpace { get; init; }

    /// <summary>`evil-reload-on-rss`, bytes: a process with more resident memory is killed, whatever it does.</summary>
    public long ResidentToKill { get; init; }

    /// <summary>`evil-reload-on-as`, bytes: likewise for address space.</summary>
    public long AddressSpaceToKill { get; init; }

    /// <summary>`worker-reload-mercy`: how long a process that is replaced, also by a reload, may take to finish its requests. As in uWSGI 60 s when nothing is said.</summary>
    public TimeSpan Mercy { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>`harakiri`: a request that has run for longer is answered 504 and its process is replaced.</summary>
    public TimeSpan RequestTime { get; init; }

    /// <summary>`harakiri-graceful-timeout`: time between <see cref="GracefulSignal"/> and SIGKILL.</summary>
    public TimeSpan GracefulTime { get; init; }

    /// <summary>`harakiri-graceful-signal`: sent first when there is a <see cref="GracefulTime"/>. Default SIGTERM.</summary>
    public int GracefulSignal { get; init; } = 15;

    /// <summary>`retry-requests`: GET, HEAD and OPTIONS whose worker died before it answered are run once more.</summary>
    public bool RetriesRequests { get; init; } = true;

    /// <summary>Requests that the worker of this number, counted from 1, may answer.</summary>
    /// <param name="number">The worker's number.</param>
    /// <param name="workers">How many there are.</param>
    public long RequestsOf(int number, int workers)
        => Requests == 0 ? 0 : Requests + (RequestsDelta is { } delta ? (number - 1) * delta : Requests * (number - 1) / (10 * workers));

    /// <summary>How long the process of this worker may live.</summary>
    public TimeSpan LifetimeOf(int number) => Lifetime == TimeSpan.Zero ? TimeSpan.Zero : Lifetime + ((number - 1) * LifetimeDelta);
}
