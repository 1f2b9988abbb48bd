using System.Diagnostics;
using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>Pools without work: `idle`, `die-on-idle`, `cheap`; and the bounds of a pool as they are configured.</summary>
public sealed class IdleScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Theory]
    [Scenario("idle-pool-sleeps-and-is-woken")]
    [InlineData(3, "processes = 3")]
    [InlineData(1, "processes = 3", "cheaper = 1", "cheaper-initial = 3")]
    public async Task An_idle_pool_sleeps_and_a_request_wakes_it(int woken, params string[] lines)
    {
        Site.Write("static/a.txt", "a file");
        Site.ProbeIni([.. lines, "idle = 2", "threads = 2", $"static-map = /static={Site.PathOf("static")}"]);
        var server = await StartAsync("site.ini");
        await server.WaitForLineAsync(new Regex(@"No request for 2 s: the workers end, the next request brings them back \(idle\)"));
        await server.WorkersAsync(0);

        (await server.GetAsync("/static/a.txt")).Text.Should().Be("a file");
        server.Workers.Should().BeEmpty("a file needs no worker");
        // One of the two stays in work, so that they do not sleep again before they are counted.
        var held = server.GetAsync("/gate");
        (await server.PostAsync("/echo", "hello"u8.ToArray())).Status.Should().Be(200);
        await server.WorkersAsync(woken);
        await server.WaitForLineAsync(new Regex($@"Workers: 0 -> {woken} \(a request has come\)"));
        Site.OpenGate();
        (await held).Status.Should().Be(200);
        await server.WorkersAsync(0);
    }

    [Fact]
    [Scenario("busy-pool-does-not-sleep")]
    public async Task A_pool_with_a_request_in_work_does_not_sleep()
    {
        Site.ProbeIni("processes = 2", "idle = 1");
        var server = await StartAsync("site.ini");

        int Sleeps() => server.Log.Lines.Count(line => line.Contains("the workers end", StringComparison.Ordinal));
        var request = server.GetAsync("/sleep?ms=4000&note=working");
        await Poll.Until(() => File.Exists(Site.PathOf("working")), "the application works on the request");
        int before = Sleeps();
        (await request).Status.Should().Be(200);

        Sleeps().Should().Be(before, "it has not slept since");
        await server.WorkersAsync(0);
    }

    [Fact]
    [Scenario("cheap-starts-without-workers")]
    public async Task Cheap_starts_without_workers_and_the_first_request_brings_them()
    {
        Site.ProbeIni("processes = 2", "cheap = true");
        var server = Launch("site.ini");
        await server.WaitForLineAsync(Messages.Ready);
        await server.WorkersAsync(0);

        (await server.GetAsync("/hello")).Status.Should().Be(200);

        await server.WorkersAsync(2);
    }

    [Fact]
    [Scenario("idle-server-ends-when-asked")]
    public async Task A_server_that_is_to_end_when_idle_ends_and_files_count()
    {
        Site.Write("static/a.txt", "a file");
        Site.ProbeIni("idle = 3", "die-on-idle = true", $"static-map = /static={Site.PathOf("static")}");
        var server = await StartAsync("site.ini");
        var clock = Stopwatch.StartNew();
        await Poll.Until(
            async () => (await server.GetAsync("/static/a.txt")).Status == 200 && clock.Elapsed > TimeSpan.FromSeconds(6), "files have been asked for");
        server.Log.Text.Should().NotContain("Stopping");

        var outcome = await server.WaitForExitAsync();

        outcome.ExitCode.Should().Be(0);
        outcome.Output.Should().Contain("Stopping: nothing has been asked for 3 s (die-on-idle)");
    }

    [Theory]
    [Scenario("impossible-bounds-are-a-mistake")]
    [InlineData("processes = 2", "cheaper = 2", 8, "must be lower than `processes`")]
    [InlineData("cheaper = 1", "processes = 1", 7, "must be lower than `processes`")]
    [InlineData("cheaper-rss-limit-hard = 5", "cheaper-rss-limit-soft = 6", 7, "must be higher than `cheaper-rss-limit-soft`")]
    [InlineData("cheaper-algo = best", "", 7, "spare, spare2, backlog, busyness, manual")]
    public async Task Bounds_that_cannot_be_kept_are_a_mistake_at_their_line(string first, string second, int line, string message)
    {
        Site.ProbeIni(first, second);

        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", line), Messages.Word(message));
    }
}
