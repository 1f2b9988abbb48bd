using OneServe.Master.Loop;

namespace OneServe.Tests.Master;

public sealed class TimerQueueTests
{
    [Fact]
    public void Timers_run_in_order_of_time_and_only_when_due()
    {
        var clock = new ManualClock();
        var timers = new TimerQueue(clock);
        var ran = new List<string>();
        timers.After(TimeSpan.FromSeconds(2), () => ran.Add("two"));
        timers.After(TimeSpan.FromSeconds(1), () => ran.Add("one"));
        timers.After(TimeSpan.FromSeconds(1), () => ran.Add("one again"));
        timers.After(TimeSpan.FromSeconds(1.5), () => ran.Add("cancelled")).Dispose();

        timers.Next().Should().Be(TimeSpan.FromSeconds(1));
        timers.RunDue();
        ran.Should().BeEmpty();
        clock.Advance(TimeSpan.FromSeconds(1));
        timers.RunDue();
        ran.Should().Equal("one", "one again");
        timers.Next().Should().Be(TimeSpan.FromSeconds(1), "the cancelled one is skipped");
        clock.Advance(TimeSpan.FromSeconds(5));
        timers.RunDue();
        ran.Should().Equal("one", "one again", "two");
        timers.Next().Should().BeNull();
    }

    [Fact]
    public void A_timer_that_sets_a_timer_for_now_has_it_run_in_the_same_turn()
    {
        var timers = new TimerQueue(new ManualClock());
        int runs = 0;
        timers.After(TimeSpan.Zero, () => timers.After(TimeSpan.Zero, () => runs++));
        timers.RunDue();
        runs.Should().Be(1);
    }
}
