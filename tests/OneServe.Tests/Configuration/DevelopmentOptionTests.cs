using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

public sealed class DevelopmentOptionTests
{
    [Theory]
    [InlineData("", false, 1, 2)]
    [InlineData("py-autoreload = 0", false, 1, 2)]
    [InlineData("py-autoreload = false", false, 1, 2)]
    [InlineData("py-autoreload", true, 1, 0)]
    [InlineData("py-autoreload = true", true, 1, 0)]
    [InlineData("py-autoreload = 3", true, 3, 0)]
    [InlineData("python-auto-reload = 3\nreload-canary = 5", true, 3, 5)]
    public void Autoreload_takes_seconds_or_a_flag(string lines, bool reloads, int period, int canary)
    {
        var options = Load(lines).Options!;

        options.Development.ReloadsCode.Should().Be(reloads);
        options.Development.Period.Should().Be(TimeSpan.FromSeconds(period));
        options.Canary.Should().Be(TimeSpan.FromSeconds(canary), "whoever works on the code does not wait, unless he asks for it");
    }

    [Fact]
    public void A_negative_period_is_a_mistake() => Load("py-autoreload = -1").Options.Should().BeNull();

    [Fact]
    public void Exceptions_are_shown_when_asked_for_alone()
    {
        Load("").Options!.Development.ShowsExceptions.Should().BeFalse();
        Load("catch-exceptions = false").Diagnostics.Should().BeEmpty();
        Load("catch-exceptions = true").Diagnostics.Should().ContainSingle(item => item.Severity == DiagnosticSeverity.Warning);
    }

    [Fact]
    public void The_same_files_are_watched_in_the_same_way()
    {
        var options = Load("py-autoreload = 1\nfs-reload = a\npy-auto-reload-ignore = m").Options!.Development;

        options.WatchesAs(Load("py-autoreload = true\nfs-reload = /start/a\npy-auto-reload-ignore = m").Options!.Development).Should().BeTrue();
        options.WatchesAs(Load("py-autoreload = 1\nfs-reload = b\npy-auto-reload-ignore = m").Options!.Development).Should().BeFalse();
        options.WatchesAs(Load("py-autoreload = 1\nfs-reload = a").Options!.Development).Should().BeFalse();
    }

    private static LoadResult Load(string lines)
    {
        var host = new FakeHost();
        host.Add("/start/site.ini", $"[uwsgi]\nhttp = :8000\nmodule = m\n{lines}\n");
        return ConfigurationLoader.Load(["site.ini"], new Dictionary<string, string>(), host);
    }
}
