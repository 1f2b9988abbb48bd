namespace OneServe.Configuration;

/// <summary>`cheaper-algo`: how the number of workers is found.</summary>
public enum ScalingAlgorithm
{
    /// <summary>Grows when no worker is free, shrinks when more than one is.</summary>
    Spare,

    /// <summary>Keeps `cheaper` workers free.</summary>
    Spare2,

    /// <summary>Grows when more than so many requests wait, shrinks when fewer do.</summary>
    Backlog,

    /// <summary>Keeps the share of time in which workers are busy between two bounds.</summary>
    Busyness,

    /// <summary>Only commands change it.</summary>
    Manual,
}
