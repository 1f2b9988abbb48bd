using OneServe.Master.ApplicationSignals;

namespace OneServe.Tests.Master.ApplicationSignals;

public sealed class CronRuleTests
{
    /// <summary>2026-11-22 is a Sunday.</summary>
    private static readonly DateTime Sunday = new(2026, 11, 22, 3, 15, 0, DateTimeKind.Local);

    [Theory]
    [InlineData(-1, -1, -1, -1, -1, true)]
    [InlineData(15, 3, -1, -1, -1, true)]
    [InlineData(16, 3, -1, -1, -1, false)]
    [InlineData(-5, -1, -1, -1, -1, true)]
    [InlineData(-4, -1, -1, -1, -1, false)]
    [InlineData(15, -3, -1, -1, -1, true)]
    [InlineData(15, 3, 22, 11, -1, true)]
    [InlineData(15, 3, 22, 12, -1, false)]
    [InlineData(15, 3, 21, -1, -1, false)]
    [InlineData(15, 3, -1, -1, 0, true)]
    [InlineData(15, 3, -1, -1, 7, true)]
    [InlineData(15, 3, -1, -1, 1, false)]
    [InlineData(15, 3, 1, -1, 0, true)] // the day or the weekday
    [InlineData(15, 3, 22, -1, 1, true)]
    [InlineData(15, 3, 1, -1, 1, false)]
    public void A_minute_is_named_or_not(int minute, int hour, int day, int month, int weekday, bool matches)
        => new CronRule(minute, hour, day, month, weekday).Matches(Sunday).Should().Be(matches);
}
