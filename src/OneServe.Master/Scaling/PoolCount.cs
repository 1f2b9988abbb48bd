namespace OneServe.Master.Scaling;

/// <summary>The workers of a pool; one that is being replaced counts once, one that leaves for good not at all.</summary>
/// <param name="Serving">They take requests.</param>
/// <param name="Coming">They have been started and are not ready.</param>
/// <param name="Resting">Those among the latter that have died and are not started again yet.</param>
internal readonly record struct PoolCount(int Serving, int Coming, int Resting)
{
    public int All => Serving + Coming;
}
