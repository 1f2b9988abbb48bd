using OneServe.Configuration;
using OneServe.Master.Scaling;

namespace OneServe.Tests.Master.Scaling;

public sealed class BusynessTests
{
    private const int Most = 8;

    [Fact]
    public void A_busy_round_adds_workers()
    {
        var pool = Pool(new ScalingOptions { Least = 2, Overload = 10, Step = 2 });

        pool.After(9.9, requests: 0, meanBusy: 1.2).Should().Be(2);
        pool.After(0.3, requests: 0, meanBusy: 1.2).Should().Be(4, "60 % is more than 50 %");
        pool.Reasons.Should().Equal("busyness 60 %");
        pool.After(100, requests: 0, meanBusy: 1.2).Should().Be(4, "30 % is between the bounds");
    }

    [Fact]
    public void Ten_calm_rounds_end_a_worker()
    {
        var pool = Pool(new ScalingOptions { Least = 1, Overload = 1 });
        pool.Workers = 4;

        pool.After(9.8, requests: 0, meanBusy: 0.4).Should().Be(4);
        pool.After(1.4, requests: 0, meanBusy: 0.4).Should().Be(3);
    }

    [Fact]
    public void Rounds_between_the_bounds_are_not_calm()
    {
        var pool = Pool(new ScalingOptions { Least = 1, Overload = 1 });
        pool.Workers = 4;

        pool.After(9.1, requests: 0, meanBusy: 0);
        pool.After(1.9, requests: 0, meanBusy: 1.4).Should().Be(4, "35 %: this round does not count");
        pool.After(0.2, requests: 0, meanBusy: 0).Should().Be(4);
        pool.After(1, requests: 0, meanBusy: 0).Should().Be(3);
        pool.After(9, requests: 0, meanBusy: 0);
        pool.After(3, requests: 0, meanBusy: 1).Should().Be(3, "33 %, three times");
        pool.After(8, requests: 0, meanBusy: 0).Should().Be(3, "so the series begins anew");
        pool.After(3, requests: 0, meanBusy: 0).Should().Be(2);
    }

    [Fact]
    public void A_worker_that_is_missed_soon_makes_the_next_series_longer()
    {
        var pool = Pool(new ScalingOptions { Least = 1, Overload = 1, Busyness = new BusynessOptions { Rounds = 5, Penalty = 10 } });
        pool.Workers = 2;
        pool.After(6.5, requests: 0, meanBusy: 0).Should().Be(1);

        pool.After(2, requests: 0, meanBusy: 1).Should().BeGreaterThan(1);

        int workers = pool.Workers;
        pool.After(13, requests: 0, meanBusy: 0).Should().Be(workers, "five rounds and ten more");
        pool.After(4, requests: 0, meanBusy: 0).Should().Be(workers - 1);
    }

    [Fact]
    public void A_long_queue_adds_workers_at_once_and_they_go_sooner()
    {
        var pool = Pool(new ScalingOptions { Least = 1, Overload = 10, Busyness = new BusynessOptions { Alert = 20, AlertStep = 3, Rounds = 100 } });

        pool.After(0.1, requests: 21).Should().Be(1, "twenty wait");
        pool.After(0.1, requests: 22).Should().Be(4);
        pool.Reasons.Should().Equal("21 requests wait");
        pool.After(45, requests: 0).Should().Be(3, "three calm rounds, not a hundred");
    }

    [Fact]
    public void A_queue_that_does_not_end_adds_workers()
    {
        var pool = Pool(new ScalingOptions { Least = 1, Overload = 1000, Busyness = new BusynessOptions { AlertTime = TimeSpan.FromSeconds(5) } });

        pool.After(4.9, requests: 2).Should().Be(1);
        pool.After(0.3, requests: 2).Should().Be(2);
    }

    [Fact]
    public void It_tells_each_round_when_asked()
    {
        var algorithm = new BusynessAlgorithm(new ScalingOptions { Least = 1, Overload = 1, Busyness = new BusynessOptions { IsVerbose = true } }, Most);
        var told = Enumerable.Range(1, 12).Select(i => algorithm.Decide(
            new PoolLoad { Now = TimeSpan.FromSeconds(i * 0.1), Serving = 4, SlotsPerWorker = 1, MeanBusy = 1.6 }).Why);

        told.Where(static why => why.Length > 0).Should().Equal("4, busyness 40 % in the last 1 s");
    }

    private static LoadCurve Pool(ScalingOptions options) => new(new BusynessAlgorithm(options, Most), options.Least, Most);
}
