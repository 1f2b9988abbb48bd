namespace OneServe.Tests.StaticFiles;

/// <summary>A clock that moves when told. It begins a day ahead, so that files written by a test count as old.</summary>
internal sealed class ManualClock : TimeProvider
{
    private TimeSpan _elapsed = TimeSpan.FromDays(1);

    public DateTimeOffset Start { get; set; } = DateTimeOffset.UtcNow;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _elapsed.Ticks;

    public override DateTimeOffset GetUtcNow() => Start + _elapsed;

    public void Advance(double seconds) => _elapsed += TimeSpan.FromSeconds(seconds);
}
