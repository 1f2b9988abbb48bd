using OneServe.Application;
using OneServe.Posix;

namespace OneServe.Tests.Application;

public sealed class SchedulingPolicyTests
{
    private const long Interval = 100;

    private readonly SchedulingPolicy _policy = new();
    private long _now;
    private long _waited;
    private long _slices;

    [Fact]
    public void Short_waits_leave_the_batch_class_alone()
    {
        Look(times: 100, waitPerSlice: 200_000);
        _policy.IsBatch.Should().BeTrue();
    }

    [Fact]
    public void A_few_long_waits_say_nothing()
    {
        _slices += 5;
        _waited += 50_000_000;
        _policy.Observe(_now += Interval, _waited, _slices);
        _policy.IsBatch.Should().BeTrue();
    }

    [Fact]
    public void Long_waits_end_it_for_a_pause_that_doubles_while_they_go_on()
    {
        var pauses = new List<long>();
        for (int i = 0; i < 8; i++)
        {
            Look(times: 1, waitPerSlice: 3_000_000);
            _policy.IsBatch.Should().BeFalse();
            long began = _now;
            while (!_policy.IsBatch)
                Look(times: 1, waitPerSlice: 100_000);
            pauses.Add(_now - began);
        }
        pauses.Should().Equal(2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000);
    }

    [Fact]
    public void A_quiet_minute_forgets_the_past()
    {
        for (int i = 0; i < 5; i++)
        {
            Look(times: 1, waitPerSlice: 3_000_000);
            while (!_policy.IsBatch)
                Look(times: 1, waitPerSlice: 100_000);
        }
        Look(times: 700, waitPerSlice: 100_000);
        Look(times: 1, waitPerSlice: 3_000_000);
        long began = _now;
        while (!_policy.IsBatch)
            Look(times: 1, waitPerSlice: 100_000);
        (_now - began).Should().Be(2_000);
    }

    [Fact]
    public void The_kernels_figures_of_this_thread_grow()
    {
        using var figures = SchedulerStatistics.OpenForThisThread();
        SchedulerStatistics.TryRead(figures, out _, out long before).Should().BeTrue();
        before.Should().BePositive();
        Thread.Yield();
        SchedulerStatistics.TryRead(figures, out long waited, out long after).Should().BeTrue();
        after.Should().BeGreaterThanOrEqualTo(before);
        waited.Should().BeGreaterThanOrEqualTo(0);
    }

    private void Look(int times, long waitPerSlice)
    {
        for (int i = 0; i < times; i++)
        {
            _slices += 50;
            _waited += 50 * waitPerSlice;
            _policy.Observe(_now += Interval, _waited, _slices);
        }
    }
}
