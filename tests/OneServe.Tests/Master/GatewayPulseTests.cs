using OneServe.Master;
using OneServe.Master.Loop;

namespace OneServe.Tests.Master;

public sealed class GatewayPulseTests
{
    private readonly ManualClock _clock = new();
    private readonly TimerQueue _timers;
    private readonly GatewayPulse _pulse;
    private int _asked;
    private int _givenUp;
    private bool _answers = true;

    public GatewayPulseTests()
    {
        _timers = new TimerQueue(_clock);
        _pulse = new GatewayPulse(_timers, Ask, () => _givenUp++);
    }

    [Fact]
    public void Who_answers_is_asked_on()
    {
        _pulse.Begin();

        Pass(60);

        (_asked, _givenUp).Should().Be((20, 0));
    }

    [Fact]
    public void Who_does_not_answer_is_given_up_once()
    {
        _pulse.Begin();
        Pass(9);
        _answers = false;

        Pass(15);
        _givenUp.Should().Be(0);
        Pass(3);
        _givenUp.Should().Be(1);
        Pass(60);
        _givenUp.Should().Be(1);

        _pulse.Begin();
        Pass(18);
        _givenUp.Should().Be(2, "the next life is looked after as well");
    }

    [Fact]
    public void A_late_answer_counts()
    {
        _answers = false;
        _pulse.Begin();
        Pass(15);

        _pulse.Answered();
        Pass(15);

        _givenUp.Should().Be(0);
    }

    [Fact]
    public void A_pause_of_the_master_is_one_question()
    {
        _answers = false;
        _pulse.Begin();

        _clock.Advance(TimeSpan.FromHours(1));
        _timers.RunDue();

        (_asked, _givenUp).Should().Be((1, 0));
    }

    [Fact]
    public void Nobody_is_asked_after_the_end()
    {
        _pulse.Begin();
        Pass(3);
        _pulse.End();

        Pass(60);

        (_asked, _givenUp).Should().Be((1, 0));
    }

    private void Ask()
    {
        _asked++;
        if (_answers)
            _pulse.Answered();
    }

    private void Pass(int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            _timers.RunDue();
        }
    }
}
