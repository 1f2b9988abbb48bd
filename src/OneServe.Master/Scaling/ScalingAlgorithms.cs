using OneServe.Configuration;

namespace OneServe.Master.Scaling;

/// <summary>The algorithm of a configuration.</summary>
internal static class ScalingAlgorithms
{
    /// <param name="options">Which one.</param>
    /// <param name="most">`processes`.</param>
    public static IScalingAlgorithm Create(ScalingOptions options, int most) => options.Algorithm switch
    {
        ScalingAlgorithm.Spare2 => new Spare2Algorithm(options),
        ScalingAlgorithm.Backlog => new BacklogAlgorithm(options),
        ScalingAlgorithm.Busyness => new BusynessAlgorithm(options, most),
        ScalingAlgorithm.Manual => new ManualAlgorithm(),
        _ => new SpareAlgorithm(options),
    };
}
