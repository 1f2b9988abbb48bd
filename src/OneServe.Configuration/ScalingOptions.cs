namespace OneServe.Configuration;

/// <summary>How the number of workers follows the load.</summary>
public sealed record ScalingOptions
{
    /// <summary>`cheaper`: fewest workers; 0: their number does not follow the load.</summary>
    public int Least { get; init; }

    /// <summary>`cheaper-initial`: workers at the start.</summary>
    public int Initial { get; init; }

    /// <summary>`cheaper-step`: workers added at a time.</summary>
    public int Step { get; init; } = 1;

    /// <summary>`cheaper-algo`.</summary>
    public ScalingAlgorithm Algorithm { get; init; }

    /// <summary>`cheaper-overload`: seconds; for <see cref="ScalingAlgorithm.Backlog"/> requests. Null: nothing was said.</summary>
    public int? Overload { get; init; }

    /// <summary><see cref="Overload"/>, or uWSGI's default.</summary>
    public int OverloadOrDefault => Overload ?? 3;

    /// <summary>`cheaper-idle`: calm time before <see cref="ScalingAlgorithm.Spare2"/> ends a worker.</summary>
    public TimeSpan Calm { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>`cheaper-rss-limit-soft`, bytes of all workers together: no worker is added beyond; 0: none.</summary>
    public long ResidentToStay { get; init; }

    /// <summary>`cheaper-rss-limit-hard`, bytes of all workers together: workers are ended beyond; 0: none.</summary>
    public long ResidentToShrink { get; init; }

    public BusynessOptions Busyness { get; init; } = new();

    /// <summary>`cheap`: no worker before the first request.</summary>
    public bool StartsAsleep { get; init; }

    /// <summary>`idle`: time without a request after which the workers end; zero: never.</summary>
    public TimeSpan Idle { get; init; }

    /// <summary>`die-on-idle`: the server ends instead.</summary>
    public bool EndsWhenIdle { get; init; }

    /// <summary>The number follows the load.</summary>
    public bool IsOn => Least > 0;

    /// <summary>Somebody has to look at the load.</summary>
    public bool WantsLoad => IsOn || StartsAsleep || Idle > TimeSpan.Zero;
}
