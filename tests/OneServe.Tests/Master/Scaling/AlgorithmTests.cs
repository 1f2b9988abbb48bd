using OneServe.Configuration;
using OneServe.Master.Scaling;

namespace OneServe.Tests.Master.Scaling;

public sealed class AlgorithmTests
{
    [Fact]
    public void Spare_grows_within_a_second_when_requests_wait()
    {
        var pool = new LoadCurve(new SpareAlgorithm(new ScalingOptions { Least = 1 }), 1, 8);

        pool.After(1, requests: 20).Should().Be(8);
        pool.Reasons[0].Should().Be("19 requests wait");
    }

    [Fact]
    public void Spare_adds_no_more_workers_than_there_are_requests()
        => new LoadCurve(new SpareAlgorithm(new ScalingOptions { Least = 1 }), 1, 8).After(2, requests: 3).Should().Be(3);

    [Fact]
    public void Spare_wants_one_free_worker_in_the_long_run()
    {
        var pool = new LoadCurve(new SpareAlgorithm(new ScalingOptions { Least = 1 }), 1, 8);

        pool.After(3, requests: 1).Should().Be(1);
        pool.After(0.3, requests: 1).Should().Be(2, "the only one has been busy for more than three seconds");
        pool.After(60, requests: 1).Should().Be(2, "one is free: stable");
    }

    [Fact]
    public void Spare_keeps_to_an_overload_that_is_set()
    {
        var pool = new LoadCurve(new SpareAlgorithm(new ScalingOptions { Least = 1, Overload = 5, Step = 3 }), 1, 8);

        pool.After(5, requests: 20).Should().Be(1);
        pool.After(0.3, requests: 20).Should().Be(4);
        pool.After(4.5, requests: 20).Should().Be(4);
        pool.After(0.8, requests: 20).Should().Be(7);
    }

    [Fact]
    public void Spare_shrinks_by_one_every_three_seconds()
    {
        var pool = new LoadCurve(new SpareAlgorithm(new ScalingOptions { Least = 2 }), 2, 8) { Workers = 8 };

        pool.After(2.9, requests: 0).Should().Be(8);
        pool.After(0.2, requests: 0).Should().Be(7);
        pool.After(3, requests: 0).Should().Be(6);
        pool.After(60, requests: 0).Should().Be(2);
    }

    [Fact]
    public void Spare_counts_what_was_busy_between_two_looks()
    {
        var pool = new LoadCurve(new SpareAlgorithm(new ScalingOptions { Least = 1 }), 1, 4) { Workers = 4 };

        pool.After(30, requests: 0, meanBusy: 2.2).Should().Be(4, "three of four are needed, whatever the moment shows");
    }

    [Fact]
    public void Spare_knows_threads()
    {
        var pool = new LoadCurve(new SpareAlgorithm(new ScalingOptions { Least = 1 }), 1, 8, threads: 4);

        pool.After(2, requests: 4).Should().Be(1);
        pool.After(0.3, requests: 5).Should().Be(2);
    }

    [Fact]
    public void Spare2_keeps_so_many_free()
    {
        var pool = new LoadCurve(new Spare2Algorithm(new ScalingOptions { Least = 4, Step = 2 }), 4, 16);

        pool.After(0.1, requests: 3).Should().Be(6, "`cheaper-step` at a time");
        pool.After(1, requests: 3).Should().Be(7);
        pool.After(1, requests: 20).Should().Be(16);
        pool.After(9.9, requests: 0).Should().Be(16);
        pool.After(0.2, requests: 0).Should().Be(15, "ten calm seconds have passed");
        pool.After(300, requests: 0).Should().Be(4);
    }

    [Fact]
    public void Spare2_waits_as_long_as_it_is_told()
    {
        var pool = new LoadCurve(new Spare2Algorithm(new ScalingOptions { Least = 1, Calm = TimeSpan.FromSeconds(60) }), 1, 4) { Workers = 4 };

        pool.After(59, requests: 0).Should().Be(4);
        pool.After(0.1, requests: 3).Should().Be(4, "one is free, as is wanted: the time begins anew");
        pool.After(59, requests: 2).Should().Be(4);
        pool.After(1.1, requests: 2).Should().Be(3, "two free are one too many");
    }

    [Fact]
    public void Backlog_goes_by_what_waits()
    {
        var pool = new LoadCurve(new BacklogAlgorithm(new ScalingOptions { Least = 1, Overload = 5 }), 1, 8);

        pool.After(10, requests: 6).Should().Be(1, "five wait, which is not more than five");
        pool.After(0.1, requests: 7).Should().Be(2);
        pool.After(10, requests: 9).Should().Be(4, "five wait");
        pool.After(1.1, requests: 3).Should().Be(3, "none waits, one is free");
        pool.After(10, requests: 3).Should().Be(3, "all are at work");
        pool.After(10, requests: 0).Should().Be(1);
    }

    [Fact]
    public void Workers_that_are_coming_count()
    {
        var load = new PoolLoad { Now = TimeSpan.Zero, Serving = 1, Coming = 7, SlotsPerWorker = 1, Requests = 8, MeanBusy = 1 };
        var spare = new SpareAlgorithm(new ScalingOptions { Least = 1 });

        for (int i = 0; i < 20; i++)
            spare.Decide(load with { Now = TimeSpan.FromSeconds(i * 0.1) }).Change.Should().Be(0);
    }

    [Fact]
    public void Manual_does_nothing() => new LoadCurve(new ManualAlgorithm(), 1, 8).After(60, requests: 100).Should().Be(1);

    [Theory]
    [InlineData(ScalingAlgorithm.Spare, typeof(SpareAlgorithm))]
    [InlineData(ScalingAlgorithm.Spare2, typeof(Spare2Algorithm))]
    [InlineData(ScalingAlgorithm.Backlog, typeof(BacklogAlgorithm))]
    [InlineData(ScalingAlgorithm.Busyness, typeof(BusynessAlgorithm))]
    [InlineData(ScalingAlgorithm.Manual, typeof(ManualAlgorithm))]
    public void Each_has_its_name(ScalingAlgorithm algorithm, Type type)
        => ScalingAlgorithms.Create(new ScalingOptions { Algorithm = algorithm }, 4).Should().BeOfType(type);
}
