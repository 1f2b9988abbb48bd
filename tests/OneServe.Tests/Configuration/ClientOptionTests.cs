using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

/// <summary>What becomes of the limits of clients.</summary>
public sealed class ClientOptionTests
{
    [Theory]
    [InlineData("", 60)]
    [InlineData("http-timeout=5", 5)]
    [InlineData("socket-timeout=4", 4)]
    [InlineData("http-timeout=5 socket-timeout=4", 5)]
    [InlineData("socket-timeout=90 http-timeout=5", 90)]
    public void The_longer_of_two_names_counts(string settings, int seconds) => Bind(settings).Silence.TotalSeconds.Should().Be(seconds);

    [Theory]
    [InlineData("", 75)]
    [InlineData("http-keepalive=1", 75)]
    [InlineData("http-keepalive=true", 75)]
    [InlineData("http-keepalive=20", 20)]
    [InlineData("http-keepalive=0", 0)]
    [InlineData("http-keepalive=false", 0)]
    public void Keep_alive_is_a_flag_or_seconds(string settings, int seconds) => Bind(settings).KeepAlive.TotalSeconds.Should().Be(seconds);

    private static ClientOptions Bind(string settings) => SettingsCodec.Bind([.. settings.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(setting => setting.Split('='))
        .Select(pair => new Setting(pair[0], pair[1], new SourceLocation("test", 1, 1)))]).Clients;
}
