using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

public sealed class WorkerLimitTests
{
    [Fact]
    public void Nothing_said_means_no_limit_and_retries()
    {
        var limits = Load("");

        limits.Should().Be(new WorkerLimits());
        (limits.RequestTime, limits.Lifetime, limits.RequestsOf(4, 4)).Should().Be((TimeSpan.Zero, TimeSpan.Zero, 0));
        limits.RetriesRequests.Should().BeTrue();
        (limits.Mercy, limits.LeastLifetime).Should().Be((TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void All_of_them()
    {
        var limits = Load("""
            max-requests = 1000
            max-requests-delta = 7
            min-worker-lifetime = 0
            max-worker-lifetime = 3600
            max-worker-lifetime-delta = 60
            reload-on-rss = 512
            reload-on-as = 1024
            evil-reload-on-rss = 2048
            evil-reload-on-as = 4096
            worker-reload-mercy = 5
            harakiri = 30
            harakiri-graceful-timeout = 3
            harakiri-graceful-signal = 12
            retry-requests = false
            """);

        limits.Should().Be(new WorkerLimits
        {
            Requests = 1000,
            RequestsDelta = 7,
            LeastLifetime = TimeSpan.Zero,
            Lifetime = TimeSpan.FromHours(1),
            LifetimeDelta = TimeSpan.FromMinutes(1),
            Resident = 512L << 20,
            AddressSpace = 1L << 30,
            ResidentToKill = 2L << 30,
            AddressSpaceToKill = 4L << 30,
            Mercy = TimeSpan.FromSeconds(5),
            RequestTime = TimeSpan.FromSeconds(30),
            GracefulTime = TimeSpan.FromSeconds(3),
            GracefulSignal = 12,
            RetriesRequests = false,
        });
        limits.RequestsOf(3, 4).Should().Be(1014);
        limits.LifetimeOf(3).Should().Be(TimeSpan.FromSeconds(3720));
    }

    [Theory]
    [InlineData(1, 1, 1000)]
    [InlineData(1, 4, 1000)]
    [InlineData(2, 4, 1025)]
    [InlineData(4, 4, 1075)]
    public void Workers_do_not_all_go_at_once_when_no_delta_is_said(int number, int workers, long expected)
        => Load("max-requests = 1000").RequestsOf(number, workers).Should().Be(expected);

    [Theory]
    [InlineData("harakiri = soon")]
    [InlineData("max-requests = -1")]
    [InlineData("harakiri-graceful-signal = 65")]
    [InlineData("reload-on-rss = 1.5")]
    public void What_is_no_such_number_is_told_with_its_line(string line)
    {
        var result = Read(line);

        result.Options.Should().BeNull();
        result.Diagnostics.Should().ContainSingle(item => item.Severity == DiagnosticSeverity.Error).Which.Source.ToString().Should().Contain(":4");
    }

    private static WorkerLimits Load(string lines) => Read(lines).Options!.Workers;

    private static LoadResult Read(string lines)
    {
        var host = new FakeHost().Add("/start/site.ini", $"[uwsgi]\nhttp = :8000\nmodule = m\n{lines}\n");
        return ConfigurationLoader.Load(["site.ini"], new Dictionary<string, string>(), host);
    }
}
