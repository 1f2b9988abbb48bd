using System.Text.RegularExpressions;
using OneServe.Master.ApplicationSignals;
using OneServe.Master.Loop;
using OneServe.Posix;
using Serilog;

namespace OneServe.Tests.Master.ApplicationSignals;

public sealed class SignalRouterTests
{
    private readonly ManualClock _clock = new() { Beginning = new DateTimeOffset(2026, 11, 22, 3, 14, 30, TimeSpan.Zero) };
    private readonly TimerQueue _timers;
    private readonly List<Taker> _workers = [new(1), new(2), new(3)];
    private readonly List<string> _watched = [];
    private readonly SignalRouter _router;
    private bool _inCharge = true;

    public SignalRouterTests()
    {
        _timers = new TimerQueue(_clock);
        _router = new SignalRouter(_timers, _clock, new LoggerConfiguration().CreateLogger(), () => _workers, () => _inCharge, (path, act) =>
        {
            _watched.Add(path);
            act();
            return new MemoryStream();
        });
    }

    [Fact]
    public void One_worker_is_enough_unless_all_or_a_certain_one_are_asked_for()
    {
        Said("handler 1 one", "handler 2 all", "handler 3 3", "signal 1", "signal 1", "signal 2", "signal 3").Should().Equal("1: 1 2", "2: 1 2", "3: 2 3");
    }

    [Fact]
    public void It_is_one_that_stays_and_has_the_handler()
    {
        _workers[0].TakesSignals = false;
        _workers[1].Handled = 7;
        _router.Take(Message("handler 7 one"), ofPrototype: false);

        Said("signal 7", "signal 8").Should().Equal("1:", "2: 7", "3:");
    }

    [Fact]
    public void Who_handles_nothing_gets_no_more()
    {
        _workers.RemoveRange(1, 2);
        Said(["handler 1 one", .. Enumerable.Repeat("signal 1", 100)]);

        _workers[0].Taken.Should().HaveCount(64);
    }

    [Fact]
    public void Timers_keep_their_pace_and_end_when_they_have_counted()
    {
        Said("handler 1 one", "handler 2 one", "timer 1 10 0", "timer 1 10 0", "timer 2 10 2");
        for (int second = 0; second < 35; second++)
            Pass(1);

        Taken(1).Should().Be(3, "asked for twice, it is one");
        Taken(2).Should().Be(2);
        Said("timer 2 10 2");
        Pass(10);
        Taken(2).Should().Be(3, "one that has ended may be asked for again");
    }

    [Fact]
    public void Times_of_the_day_are_looked_at_once_a_minute()
    {
        Said("handler 1 one", "handler 2 one", "cron 1 15 3 -1 -1 -1", "cron 2 -1 -1 -1 -1 -1");
        for (int tenth = 0; tenth < 18; tenth++)
            Pass(10);

        (Taken(1), Taken(2)).Should().Be((1, 3));
    }

    [Fact]
    public void Only_the_generation_in_charge_is_given_what_is_scheduled()
    {
        _inCharge = false;
        Said("handler 1 one", "timer 1 10 0", "watch 1\n/some/file");
        Pass(30);

        Taken(1).Should().Be(0);
        _watched.Should().Equal("/some/file");
        Said("signal 1");
        Taken(1).Should().Be(1, "its own requests may raise it");
        _router.Dispose();
        _timers.Next().Should().BeNull();
    }

    [Theory]
    [InlineData("timer 1 0 0")]
    [InlineData("timer 1 x 0")]
    [InlineData("timer 256 1 0")]
    [InlineData("signal")]
    [InlineData("signal -1")]
    [InlineData("cron 1 2 3")]
    [InlineData("handler 1")]
    [InlineData("watch 1")]
    public void What_no_application_says_is_told(string message) => _router.Take(Message(message), ofPrototype: true).Should().BeFalse();

    private void Pass(int seconds)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        _timers.RunDue();
    }

    private string[] Said(params string[] messages)
    {
        foreach (string message in messages)
            _router.Take(Message(message), ofPrototype: message.StartsWith("handler", StringComparison.Ordinal)).Should().BeTrue(message);
        return [.. _workers.Select(static worker => Regex.Replace($"{worker.Number}: {string.Join(' ', worker.Taken.Order())}", " $", ""))];
    }

    private int Taken(int signal) => _workers.Sum(worker => worker.Taken.Count(taken => taken == signal));

    private static ControlMessage Message(string text) => ControlMessage.Parse(text, []);

    private sealed class Taker(int number) : ISignalTaker
    {
        public List<int> Taken { get; } = [];

        public int Handled { get; set; } = -1;

        public int Number => number;

        public bool TakesSignals { get; set; } = true;

        public int SignalsDue => Taken.Count;

        public bool Handles(int signal) => signal == Handled;

        public void Signal(int signal) => Taken.Add(signal);
    }
}
