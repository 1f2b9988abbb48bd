using OneServe.Master.Scaling;

namespace OneServe.Tests.Master.Scaling;

/// <summary>A pool that obeys an algorithm at once, and a load that is written down: what the number of workers does.</summary>
internal sealed class LoadCurve(IScalingAlgorithm algorithm, int least, int most, int threads = 1)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.1);

    private readonly int _least = least;
    private TimeSpan _now;

    public int Workers { get; set; } = least;

    public List<string> Reasons { get; } = [];

    /// <summary>So many requests for so long; how many workers there are then.</summary>
    public int After(double seconds, int requests, double? meanBusy = null)
    {
        for (double time = 0; time < seconds - 0.01; time += Interval.TotalSeconds)
        {
            _now += Interval;
            var decision = algorithm.Decide(new PoolLoad
            {
                Now = _now,
                Serving = Workers,
                SlotsPerWorker = threads,
                Requests = requests,
                MeanBusy = Math.Min(meanBusy ?? requests, Workers * threads),
            });
            if (decision.Change != 0)
                Reasons.Add(decision.Why);
            Workers = Math.Clamp(Workers + decision.Change, _least, most);
        }
        return Workers;
    }
}
