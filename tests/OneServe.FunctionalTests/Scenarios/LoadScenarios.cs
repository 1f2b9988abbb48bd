using System.Diagnostics;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>What needs the machine for itself: load, and answers that are timed.</summary>
[Collection(nameof(AloneCollection))]
public sealed class LoadScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Fact]
    [Scenario("reload-under-load-loses-nothing")]
    public async Task A_reload_under_load_loses_no_request()
    {
        Site.Write("VERSION", "1");
        Site.ProbeIni("processes = 2", "disable-logging = true");
        var server = await StartAsync("site.ini");
        await using var load = Load.Start(Site.EndPoint, "/version", 8);
        await load.AdvanceAsync(300);

        for (int version = 2; version <= 4; version++)
        {
            var before = server.Workers.Select(worker => worker.Pid).ToHashSet();
            Site.Write("VERSION", $"{version}");
            server.Send(Signal.Hup);
            await Poll.Until(async () => (await server.GetAsync("/version")).Text == $"{version}", $"version {version} answers");
            await Poll.Until(
                () => server.Workers.Count == 2 && !server.Workers.Any(worker => before.Contains(worker.Pid)),
                "the old workers have gone, two new ones are there");
            await load.AdvanceAsync(300);
        }

        await load.StopAsync();
        load.Failures.Should().BeEmpty();
        load.Bodies.Keys.Should().BeEquivalentTo("1", "2", "3", "4");
        server.HasExited.Should().BeFalse();
    }

    [Fact]
    [Scenario("stop-under-load-loses-nothing")]
    public async Task A_stop_under_load_answers_every_request_of_an_open_connection()
    {
        Site.ProbeIni("processes = 2", "disable-logging = true");
        var server = await StartAsync("site.ini");
        await using var load = Load.Start(Site.EndPoint, "/hello", 8, untilGone: true);
        await load.AdvanceAsync(500);

        server.Send(Signal.Term);
        var outcome = await server.WaitForExitAsync(OneServeProcess.StopLimit);
        await load.EndAsync();

        outcome.ExitCode.Should().Be(0);
        load.Failures.Should().BeEmpty();
    }

    /// <summary>
    /// The best of three: the machine may be busy with something else, but not three times. One on which 250 ms are little needs longer for a start,
    /// of which the gateway is a small part.
    /// </summary>
    [Fact]
    [Scenario("killed-gateway-is-back-at-once")]
    public async Task A_killed_gateway_is_back_at_once()
    {
        Site.ProbeIni("processes = 2");
        var (best, start) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (int attempt = 0; attempt < 3; attempt++)
        {
            var clock = Stopwatch.StartNew();
            var server = await StartAsync("site.ini");
            start = clock.Elapsed < start ? clock.Elapsed : start;
            await Poll.Until(() => server.Workers.Count == 2, "both workers are there");
            int gateway = server.Gateway.Pid;
            await using var open = await server.ConnectAsync();
            await open.RequestAsync("GET", "/hello");
            clock.Restart();
            Signals.Send(gateway, Signal.Kill);
            (await open.EndsAsync(Poll.Soon)).Should().BeTrue("the connections of the killed one are cut");
            (await server.GetAsync("/hello")).Status.Should().Be(200);
            best = clock.Elapsed < best ? clock.Elapsed : best;
            await server.StopAsync();
        }

        best.TotalSeconds.Should().BeLessThan(Math.Max(0.25, start.TotalSeconds));
    }

    [Theory]
    [Scenario("processes-and-threads-run-side-by-side")]
    [InlineData(1, 4)]
    [InlineData(4, 1)]
    [InlineData(2, 2)]
    public async Task Processes_and_threads_answer_side_by_side(int processes, int threads)
    {
        Site.CopyApp("greenlets.py");
        Site.Write("site_app.py", """
            import greenlets, probe

            def application(environ, start_response):
                return (greenlets if environ["PATH_INFO"] == "/wait" else probe).application(environ, start_response)
            """);
        Site.ProbeIni("module = site_app", $"processes = {processes}", $"threads = {threads}");
        var server = await StartAsync("site.ini");
        await Poll.Until(() => server.Workers.Count == processes, "all workers are there");
        var environ = (await server.GetAsync("/environ")).Json();
        environ.GetProperty("wsgi.multithread").GetBoolean().Should().Be(threads > 1);
        environ.GetProperty("wsgi.multiprocess").GetBoolean().Should().Be(processes > 1);

        var requests = Enumerable.Range(0, 4).Select(_ => server.GetAsync("/wait?for=gate")).ToArray();

        await Poll.Until(
            () => File.Exists(Site.PathOf("waiting")) && File.ReadAllLines(Site.PathOf("waiting")).Length == 4,
            "no request waits behind a slow one while a slot is idle");
        Site.OpenGate();
        (await Task.WhenAll(requests)).Should().OnlyContain(reply => reply.Status == 200);
    }

    [Fact]
    [Scenario("wrk-for-seconds-without-an-error")]
    public async Task Wrk_runs_without_an_error()
    {
        Site.Write("static/a.txt", "a static file");
        Site.ProbeIni("processes = 2", "static-map = /static=static", "disable-logging = true");
        await StartAsync("site.ini");

        foreach (string target in new[] { "/hello", "/static/a.txt", "/big?bytes=100000" })
        {
            string report = Interpreters.Run("wrk", "-t1", "-c64", "-d3s", "--timeout", "5s", $"http://127.0.0.1:{Site.Port}{target}");

            report.Should().MatchRegex(@"[1-9]\d* requests in").And.NotContain("Socket errors").And.NotContain("Non-2xx", $"of {target}");
        }
    }
}
