using OneServe.Master.Loop;
using OneServe.Master.Start;

namespace OneServe.Tests.Master;

public sealed class StartProgressTests
{
    private readonly ManualClock _clock = new();
    private readonly List<string> _told = [];

    [Fact]
    public void A_wait_is_told_after_a_second_and_then_more_rarely()
    {
        using var loop = new EventLoop(_clock);
        using var progress = StartProgress.Watch(loop, _told.Add);
        progress.Waits(() => "the application");

        for (int second = 0; second < 100; second++)
            PassSecond(loop);

        _told.Should().HaveCount(8);
        _told[0].Should().Be("Waiting for the application: 1 s\n");
        _told[^1].Should().Be("Waiting for the application: 90 s\n");
    }

    [Fact]
    public void Nothing_is_told_when_nothing_is_waited_for_or_nobody_looks()
    {
        using var loop = new EventLoop(_clock);
        using var ended = StartProgress.Watch(loop, _told.Add);
        using var unseen = StartProgress.Watch(loop, null);
        ended.Waits(static () => null);
        unseen.Waits(static () => "the application");

        for (int second = 0; second < 10; second++)
            PassSecond(loop);

        _told.Should().BeEmpty();
    }

    private void PassSecond(EventLoop loop)
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        loop.Timers.RunDue();
    }
}
