using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

[Collection(nameof(AloneCollection))]
public sealed class RecyclingScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Theory]
    [Scenario("max-requests-replaces-without-a-gap")]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Workers_are_replaced_under_load_and_nobody_notices(int threads)
    {
        Site.CopyApp("deaths.py");
        Site.ProbeIni("module = deaths", "processes = 2", $"threads = {threads}", "max-requests = 200", "min-worker-lifetime = 0", "disable-logging = true");
        var server = await StartAsync("site.ini");
        await using var load = Load.Start(Site.EndPoint, "/pid", 16);

        await Poll.Until(() => load.Bodies.Count >= 8 || !load.Failures.IsEmpty, "eight processes have answered");

        await load.StopAsync();
        load.Failures.Should().BeEmpty();
        await server.WaitForLineAsync(new Regex(@"Worker [12] \(pid \d+\) has answered \d+ requests \(max-requests\): it is replaced"));
        await Poll.Until(() => server.Workers.Select(worker => worker.WorkerNumber).SequenceEqual([1, 2]), "two workers are left");
        server.Log.Text.Should().NotContain("killed").And.NotContain("died");
    }

    [Fact]
    [Scenario("grown-worker-is-replaced")]
    public async Task A_worker_that_has_grown_is_replaced_after_its_request()
    {
        Site.CopyApp("deaths.py");
        Site.ProbeIni("module = deaths", "reload-on-rss = 100", "min-worker-lifetime = 0");
        var server = await StartAsync("site.ini");
        string before = (await server.GetAsync("/pid")).Text;

        for (int i = 0; i < 2; i++)
            (await server.GetAsync("/grow")).Text.Should().Be(before);

        await Poll.Until(async () => (await server.GetAsync("/pid")).Text != before, "another process answers");
        await server.WaitForLineAsync(new Regex(@"MiB of resident memory \(reload-on-rss\): it is replaced"));
        await Poll.Until(() => server.Workers.Count == 1, "the old one has gone");
    }

    [Fact]
    [Scenario("evil-grown-worker-is-killed")]
    public async Task A_worker_that_grows_within_its_request_is_killed_when_asked()
    {
        Site.CopyApp("deaths.py");
        Site.Write("growing.py", """
            import threading
            import deaths

            def application(environ, start_response):
                if environ["PATH_INFO"] == "/grow":
                    deaths.grow()
                    deaths.grow()
                    threading.Event().wait()
                return deaths.application(environ, start_response)
            """);
        Site.ProbeIni("module = growing", "evil-reload-on-rss = 100", "retry-requests = false");
        var server = await StartAsync("site.ini");

        (await server.GetAsync("/grow")).Status.Should().Be(502);

        await server.WaitForLineAsync(new Regex(@"MiB of resident memory \(evil-reload-on-rss\): it is killed"));
        (await server.GetAsync("/pid")).Status.Should().Be(200);
    }

    [Fact]
    [Scenario("max-worker-lifetime-replaces")]
    public async Task A_worker_is_replaced_when_it_is_old()
    {
        Site.CopyApp("deaths.py");
        Site.ProbeIni("module = deaths", "max-worker-lifetime = 1");
        var server = await StartAsync("site.ini");
        string before = (await server.GetAsync("/pid")).Text;

        await Poll.Until(async () => (await server.GetAsync("/pid")).Text != before, "another process answers");

        await server.WaitForLineAsync(new Regex(@"is 1 s old \(max-worker-lifetime\): it is replaced"));
    }
}
