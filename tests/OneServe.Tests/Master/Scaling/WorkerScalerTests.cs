using OneServe.Configuration;
using OneServe.Master.Loop;
using OneServe.Master.Scaling;
using Serilog.Core;

namespace OneServe.Tests.Master.Scaling;

public sealed class WorkerScalerTests
{
    private readonly ManualClock _clock = new();
    private readonly TimerQueue _timers;
    private readonly Pool _pool = new();

    public WorkerScalerTests()
    {
        _timers = new TimerQueue(_clock);
        _clock.Advance(TimeSpan.FromHours(1));
    }

    [Fact]
    public void It_rests_at_the_least_and_grows_when_it_is_told_of_a_load()
    {
        var scaler = Start(new ScalingOptions { Least = 1, Initial = 1 });
        Run(5);
        _timers.Next().Should().BeNull("nothing can be decided");

        Load(scaler, requests: 10);
        Run(1);

        _pool.Workers.Should().Be(8, "no more than `processes`");
    }

    [Fact]
    public void It_takes_away_only_what_is_free()
    {
        _pool.Workers = 4;
        _pool.Free = 0;
        Start(new ScalingOptions { Least = 1, Initial = 1 });
        Run(30);
        _pool.Workers.Should().Be(4);

        _pool.Free = 3;
        Run(30);
        _pool.Workers.Should().Be(1);
        _timers.Next().Should().BeNull();
    }

    [Fact]
    public void A_crash_loop_gets_no_company()
    {
        _pool.Resting = 1;
        var scaler = Start(new ScalingOptions { Least = 1, Initial = 1 });

        Load(scaler, requests: 10);
        Run(5);

        _pool.Workers.Should().Be(1);
    }

    [Theory]
    [InlineData(ScalingAlgorithm.Spare, 2)]
    [InlineData(ScalingAlgorithm.Manual, 4)]
    public void What_does_not_come_up_and_is_not_needed_goes(ScalingAlgorithm algorithm, int left)
    {
        (_pool.Workers, _pool.Resting, _pool.Free) = (4, 2, 8);
        var scaler = Start(new ScalingOptions { Least = 1, Initial = 1, Algorithm = algorithm });
        Load(scaler, requests: 3);
        Run(1);
        _pool.Workers.Should().Be(4, "it is needed");

        Load(scaler, requests: 2);
        Run(1);

        _pool.Workers.Should().Be(left);
    }

    [Fact]
    public void What_is_missing_from_the_least_comes_back()
    {
        _pool.Workers = 1;
        Start(new ScalingOptions { Least = 3, Initial = 3, Algorithm = ScalingAlgorithm.Manual });
        Run(2);
        _pool.Workers.Should().Be(3);
    }

    [Fact]
    public void Nothing_happens_while_it_is_not_in_use()
    {
        _pool.IsInUse = false;
        var scaler = Start(new ScalingOptions { Least = 1, Initial = 1, Idle = TimeSpan.FromSeconds(5) });
        Load(scaler, requests: 10);
        Run(30);
        _pool.Workers.Should().Be(1);

        _pool.IsInUse = true;
        scaler.Start();
        Run(2);
        _pool.Workers.Should().Be(8);
    }

    [Fact]
    public void Memory_stops_growth_and_shrinks_below_the_least()
    {
        _pool.Workers = 4;
        _pool.ResidentOfEach = 100;
        _pool.Free = 8;
        var scaler = Start(new ScalingOptions { Least = 3, Initial = 3, ResidentToStay = 250, ResidentToShrink = 350, Algorithm = ScalingAlgorithm.Manual });

        scaler.WhyNotGrow().Should().Contain("cheaper-rss-limit-soft");
        Run(2);
        _pool.Workers.Should().Be(3, "400 is above the hard limit, 300 is not");
        _pool.ResidentOfEach = 200;
        Run(5);
        _pool.Workers.Should().Be(1);
        _pool.ResidentOfEach = 10;
        Run(5);
        _pool.Workers.Should().Be(3);
    }

    [Fact]
    public void An_idle_pool_goes_to_sleep_and_is_woken_by_a_request()
    {
        _pool.Workers = 8;
        _pool.Free = 8;
        var scaler = Start(new ScalingOptions { Idle = TimeSpan.FromSeconds(10) });
        Run(8);
        _pool.Answered++;
        Run(9);
        _pool.Workers.Should().Be(8, "a request has come meanwhile");
        Run(3);
        _pool.Workers.Should().Be(0);
        _timers.Next().Should().BeNull("it sleeps");

        Load(scaler, requests: 1);
        Run(0.1);
        _pool.Workers.Should().Be(8);
    }

    [Fact]
    public void A_request_that_comes_while_they_leave_brings_all_back()
    {
        (_pool.Workers, _pool.Free) = (8, 5);
        var scaler = Start(new ScalingOptions { Idle = TimeSpan.FromSeconds(10) });
        Run(12);
        _pool.Workers.Should().Be(3);

        Load(scaler, requests: 3);
        Run(0.1);
        _pool.Workers.Should().Be(8);
    }

    [Fact]
    public void A_server_that_is_to_end_when_it_is_idle_counts_files_too()
    {
        var scaler = Start(new ScalingOptions { Idle = TimeSpan.FromSeconds(10), EndsWhenIdle = true });
        Run(8);
        scaler.Report(new LoadReport(0, 8000, 0, Seen: 1, Open: 0));
        Run(8);
        scaler.Report(new LoadReport(0, 16000, 0, Seen: 1, Open: 1));
        Run(60);
        _pool.HasEnded.Should().BeFalse("a download goes on");

        scaler.Report(new LoadReport(0, 76000, 0, Seen: 2, Open: 0));
        Run(12);
        _pool.HasEnded.Should().BeTrue();
        _pool.Workers.Should().Be(1, "the end of the server is the end of the workers");
    }

    private WorkerScaler Start(ScalingOptions options)
    {
        var scaler = new WorkerScaler(new ServerOptions { Processes = 8, Scaling = options }, _pool, _timers, _clock, Logger.None);
        scaler.Start();
        return scaler;
    }

    private void Load(WorkerScaler scaler, int requests) => scaler.Report(new LoadReport(requests, _clock.GetTimestamp() / 10_000, 0, 0, requests));

    private void Run(double seconds)
    {
        for (double time = 0; time < seconds; time += 0.05)
        {
            _timers.RunDue();
            _clock.Advance(TimeSpan.FromSeconds(0.05));
        }
        _timers.RunDue();
    }

    private sealed class Pool : IScaledPool
    {
        public int Workers { get; set; } = 1;

        public int Free { get; set; }

        public int Resting { get; set; }

        public long ResidentOfEach { get; set; }

        public bool HasEnded { get; private set; }

        public bool IsInUse { get; set; } = true;

        public bool IsBeingReplaced => false;

        public PoolCount Count => new(Workers - Resting, Resting, Resting);

        public int SlotsPerWorker => 1;

        public ulong Answered { get; set; }

        public long Resident => Workers * ResidentOfEach;

        public string? Add()
        {
            Workers++;
            return null;
        }

        public bool RemoveFree()
        {
            if (Free == 0)
                return false;
            Free--;
            Workers--;
            Resting = Math.Max(0, Resting - 1);
            return true;
        }

        public void EndIdle(TimeSpan idle) => HasEnded = true;
    }
}
