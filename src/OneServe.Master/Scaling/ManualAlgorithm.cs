namespace OneServe.Master.Scaling;

/// <summary>`manual`: `+` and `-` of a `master-fifo` alone change the number.</summary>
internal sealed class ManualAlgorithm : IScalingAlgorithm
{
    public ScalingDecision Decide(in PoolLoad load) => ScalingDecision.Stay;
}
