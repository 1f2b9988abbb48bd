using System.Diagnostics;
using OneServe.Application;

namespace OneServe.Tests.Application;

public sealed class BusyPollTests
{
    private static readonly long Limit = Stopwatch.Frequency / 20_000; // 50 µs

    private readonly BusyPoll _poll = new(TimeSpan.FromMicroseconds(50));
    private long _now = 1;

    [Fact]
    public void Polls_from_the_occasion_until_the_limit_and_then_sleeps()
    {
        _poll.ShouldPoll(_now).Should().BeFalse("nothing has happened");
        _poll.Arm();
        _poll.ShouldPoll(_now).Should().BeTrue();
        _poll.ShouldPoll(_now + Limit - 1).Should().BeTrue();
        _poll.ShouldPoll(_now + Limit).Should().BeFalse();
        _poll.ShouldPoll(_now + Limit + 1).Should().BeFalse("one occasion is one attempt");
    }

    [Fact]
    public void Vain_attempts_become_rare_and_a_success_forgets_them()
    {
        Occasions(2000, succeed: false).Should().BeInRange(9, 13, "each failure doubles the pause");
        while (Occasions(1, succeed: true) == 0)
        {
        }
        Occasions(100, succeed: true).Should().Be(100);
    }

    [Fact]
    public void A_limit_of_zero_is_off()
    {
        var off = new BusyPoll(TimeSpan.Zero);
        off.Arm();
        off.ShouldPoll(1).Should().BeFalse();
    }

    /// <summary>Lets occasions happen; returns how many were polled for.</summary>
    private int Occasions(int count, bool succeed)
    {
        int polled = 0;
        for (int i = 0; i < count; i++)
        {
            _poll.Arm();
            if (_poll.ShouldPoll(_now))
                polled++;
            _now += Limit / 2;
            if (succeed)
                _poll.Succeeded();
            _now += Limit;
            _poll.ShouldPoll(_now);
        }
        return polled;
    }
}
