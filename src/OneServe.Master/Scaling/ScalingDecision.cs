namespace OneServe.Master.Scaling;

/// <summary>What an algorithm wants now.</summary>
/// <param name="Change">So many workers more; below zero: fewer; zero: as many as there are.</param>
/// <param name="Why">For the log; empty when there is nothing to tell.</param>
internal readonly record struct ScalingDecision(int Change, string Why)
{
    public static ScalingDecision Stay { get; } = new(0, "");
}
