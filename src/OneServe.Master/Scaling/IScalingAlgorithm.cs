namespace OneServe.Master.Scaling;

/// <summary>Finds how many workers a load wants: nothing but numbers and times, so that it can be tested as data. Keeps what it has to remember.</summary>
/// <remarks>Whoever asks sees to the bounds and the memory limits; a decision is a wish.</remarks>
internal interface IScalingAlgorithm
{
    /// <summary>Asked ten times a second while there is load, else once a second while there is something left to decide.</summary>
    ScalingDecision Decide(in PoolLoad load);
}
