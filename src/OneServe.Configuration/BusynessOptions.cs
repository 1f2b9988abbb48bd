namespace OneServe.Configuration;

/// <summary>What <see cref="ScalingAlgorithm.Busyness"/> goes by. Rounds are of `cheaper-overload` seconds.</summary>
public sealed record BusynessOptions
{
    /// <summary>`cheaper-busyness-max`, percent: above it workers are added.</summary>
    public int Most { get; init; } = 50;

    /// <summary>`cheaper-busyness-min`, percent: a round below it is calm.</summary>
    public int Least { get; init; } = 25;

    /// <summary>`cheaper-busyness-multiplier`: calm rounds before a worker is ended.</summary>
    public int Rounds { get; init; } = 10;

    /// <summary>`cheaper-busyness-penalty`: so many rounds more after a worker was ended too soon.</summary>
    public int Penalty { get; init; } = 2;

    /// <summary>`cheaper-busyness-backlog-alert`: waiting requests beyond which workers are added at once.</summary>
    public int Alert { get; init; } = 33;

    /// <summary>`cheaper-busyness-backlog-multiplier`: calm rounds while workers are there that were added at once.</summary>
    public int AlertRounds { get; init; } = 3;

    /// <summary>`cheaper-busyness-backlog-step`: workers added at once.</summary>
    public int AlertStep { get; init; } = 1;

    /// <summary>`cheaper-busyness-backlog-nonzero`: so long requests may wait before workers are added at once.</summary>
    public TimeSpan AlertTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>`cheaper-busyness-verbose`.</summary>
    public bool IsVerbose { get; init; }
}
