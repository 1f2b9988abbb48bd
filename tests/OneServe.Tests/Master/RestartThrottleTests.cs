using OneServe.Master.States;

namespace OneServe.Tests.Master;

public sealed class RestartThrottleTests
{
    [Fact]
    public void A_crash_loop_is_slowed_down_and_a_stable_life_ends_it()
    {
        var clock = new ManualClock();
        var throttle = new RestartThrottle(clock);
        double[] delays = new double[9];
        for (int i = 0; i < delays.Length; i++)
        {
            throttle.Started();
            clock.Advance(TimeSpan.FromSeconds(i == 8 ? 10 : 9.9));
            delays[i] = throttle.Died().TotalSeconds;
        }
        delays.Should().Equal(0, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 0);
    }
}
