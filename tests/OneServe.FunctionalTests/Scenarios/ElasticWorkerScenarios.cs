using System.Diagnostics;
using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>A number of workers that follows the load.</summary>
[Collection(nameof(AloneCollection))]
public sealed class ElasticWorkerScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    /// <summary>
    /// The best of three: the machine may be busy with something else, but not three times. On a slow one it may take as long as two starts of this server.
    /// </summary>
    [Fact]
    [Scenario("elastic-pool-grows-within-a-second")]
    public async Task A_pool_grows_within_a_second()
    {
        Site.ProbeIni("processes = 6", "cheaper = 1");
        TimeSpan time = default, limit = default;
        for (int attempt = 0; attempt < 3 && time >= limit; attempt++)
        {
            Site.CloseGate();
            var clock = Stopwatch.StartNew();
            var server = await StartAsync("site.ini");
            await server.WorkersAsync(1);
            limit = TimeSpan.FromSeconds(Math.Max(1, 2 * clock.Elapsed.TotalSeconds));
            clock.Restart();
            var requests = Held(server, 6);
            await Poll.Until(() => server.Workers.Count == 6, "there is a worker for each request");
            time = clock.Elapsed;
            await ReleaseAsync(requests);
            await server.WaitForLineAsync(new Regex(@"Workers: 1 -> \d \((1 request waits|[2-5] requests wait)\)"));
            await server.StopAsync();
        }

        time.Should().BeLessThan(limit);
    }

    [Fact]
    [Scenario("elastic-pool-loses-nothing-while-it-breathes")]
    public async Task Nothing_is_lost_while_workers_come_and_go_under_load()
    {
        Site.ProbeIni("processes = 6", "threads = 2", "cheaper = 1", "cheaper-step = 5", "cheaper-overload = 0", "disable-logging = true");
        var server = await StartAsync("site.ini");
        await using var load = Load.Start(Site.EndPoint, "/hello", 2);

        for (int round = 0; round < 3; round++)
        {
            await using (var heavy = Load.Start(Site.EndPoint, "/sleep?ms=20", 16))
            {
                await Poll.Until(() => server.Workers.Count >= 5, "it has grown");
                await heavy.AdvanceAsync(200);
                await heavy.StopAsync();
                heavy.Failures.Should().BeEmpty();
            }

            await Poll.Until(() => server.Workers.Count <= 2, "it has shrunk");
            await load.AdvanceAsync(100);
        }

        await load.StopAsync();
        load.Failures.Should().BeEmpty();
        server.Log.Text.Should().NotContain("killed").And.NotContain("died").And.NotContain("was with a worker");
    }

    [Fact]
    [Scenario("shrinking-waits-for-a-long-request")]
    public async Task A_worker_that_is_taken_away_finishes_what_it_has_however_long_it_takes()
    {
        Site.ProbeIni(
            "processes = 3", "cheaper = 1", "cheaper-initial = 2", "cheaper-algo = manual", "worker-reload-mercy = 1", "master-fifo = commands");
        var server = await StartAsync("site.ini");
        await server.WorkersAsync(2);
        var requests = Sleepers(server, 2, 4000);
        await Poll.Until(() => Notes() == 2, "both workers are at work");

        Say("-");

        (await Task.WhenAll(requests)).Should().OnlyContain(reply => reply.Status == 200);
        await server.WorkersAsync(1);
        server.Log.Text.Should().NotContain("killed");
    }

    [Theory]
    [Scenario("each-algorithm-grows-and-shrinks")]
    [InlineData("spare", 1, 4, "requests wait", "were free")]
    [InlineData("spare2", 2, 5, "are free", "were free for 1 s", "cheaper-idle = 1")]
    [InlineData("backlog", 1, 3, "requests wait", "are free", "cheaper-overload = 1")]
    [InlineData(
        "busyness", 1, 2, @"busyness \d+ %", @"busyness \d+ %", "cheaper-overload = 1", "cheaper-busyness-multiplier = 2", "cheaper-busyness-verbose = true")]
    public async Task Each_algorithm_grows_and_shrinks(string algorithm, int least, int most, string whyMore, string whyLess, params string[] lines)
    {
        Site.ProbeIni(["processes = 5", $"cheaper = {least}", $"cheaper-algo = {algorithm}", .. lines]);
        var server = await StartAsync("site.ini");
        await server.WorkersAsync(least);

        var requests = Held(server, 4);
        await Poll.Until(() => server.Workers.Count >= most, $"there are {most} workers");
        await ReleaseAsync(requests);

        await server.WorkersAsync(least);
        await server.WaitForLineAsync(new Regex($@"Workers: {least} -> \d \(.*{whyMore}\)"));
        await server.WaitForLineAsync(new Regex($@"Workers: \d -> {least} \(.*{whyLess}\)"));
    }

    [Fact]
    [Scenario("long-queue-adds-workers-whatever-the-busyness")]
    public async Task A_long_queue_adds_workers_whatever_the_busyness()
    {
        Site.ProbeIni(
            "processes = 4", "cheaper = 1", "cheaper-algo = busyness", "cheaper-overload = 600", "cheaper-busyness-backlog-alert = 5",
            "cheaper-busyness-backlog-step = 2");
        var server = await StartAsync("site.ini");
        var requests = Held(server, 9);

        await server.WaitForLineAsync(new Regex(@"Workers: 1 -> 3 \([6-8] requests wait\)"));

        await ReleaseAsync(requests);
    }

    [Fact]
    [Scenario("greenlets-are-slots")]
    public async Task Greenlets_are_slots()
    {
        Site.ProbeIni("processes = 4", "cheaper = 1", "gevent = 10", "cheaper-overload = 0");
        var server = await StartAsync("site.ini");
        (await Task.WhenAll(Sleepers(server, 9, 1000))).Should().OnlyContain(reply => reply.Status == 200);
        server.Workers.Should().ContainSingle("ten greenlets do for nine requests");

        var requests = Held(server, 25);
        await server.WorkersAsync(3);

        await ReleaseAsync(requests);
        await server.WorkersAsync(1);
        server.Log.Text.Should().NotContain("killed");
    }

    [Fact]
    [Scenario("manual-pool-obeys-commands-alone")]
    public async Task A_manual_pool_obeys_commands_alone_and_keeps_to_its_bounds()
    {
        Site.ProbeIni("processes = 3", "cheaper = 1", "cheaper-algo = manual", "master-fifo = commands");
        var server = await StartAsync("site.ini");
        (await Task.WhenAll(Sleepers(server, 4, 400))).Should().OnlyContain(reply => reply.Status == 200);
        server.Workers.Should().ContainSingle("load means nothing here");

        Say("++");
        int[] three = await server.WorkersAsync(3);
        Say("+");
        await server.WaitForLineAsync(new Regex("The number of workers stays: `processes` = 3 is the most"));
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.Reloaded);
        await Poll.Until(() => !server.Workers.Any(worker => three.Contains(worker.Pid)), "the old ones have gone");
        await server.WorkersAsync(3);
        Say("--");
        await server.WorkersAsync(1);
        Say("-");
        await server.WaitForLineAsync(new Regex("The number of workers stays: `cheaper` = 1 is the fewest"));
    }

    [Fact]
    [Scenario("memory-stops-growth")]
    public async Task Memory_beyond_the_soft_limit_stops_growth()
    {
        Site.ProbeIni("processes = 4", "cheaper = 1", "cheaper-rss-limit-soft = 1048576", "master-fifo = commands");
        var server = await StartAsync("site.ini");

        var requests = Sleepers(server, 4, 300);

        await server.WaitForLineAsync(new Regex(@"No more workers: all together have \d+ MiB of resident memory \(cheaper-rss-limit-soft\)"));
        (await Task.WhenAll(requests)).Should().OnlyContain(reply => reply.Status == 200);
        Say("+");
        await server.WaitForLineAsync(new Regex(@"The number of workers stays: all together have"));
        server.Workers.Should().ContainSingle();
    }

    [Fact]
    [Scenario("memory-beyond-the-hard-limit-ends-workers")]
    public async Task Memory_beyond_the_hard_limit_ends_workers_down_to_one()
    {
        Site.ProbeIni(
            "processes = 4", "cheaper = 2", "cheaper-initial = 3", "cheaper-rss-limit-soft = 1048576", "cheaper-rss-limit-hard = 2097152");
        var server = await StartAsync("site.ini");
        await using var load = Load.Start(Site.EndPoint, "/hello", 2);

        await server.WorkersAsync(1);

        await server.WaitForLineAsync(new Regex(@"Workers: 3 -> 2 \(all together have \d+ MiB of resident memory \(cheaper-rss-limit-hard\)\)"));
        await load.StopAsync();
        load.Failures.Should().BeEmpty();
    }

    [Fact]
    [Scenario("reload-keeps-the-size-that-the-load-has-called-for")]
    public async Task A_reload_under_load_begins_with_as_many_workers_as_there_are_and_keeps_to_new_bounds()
    {
        Site.Write("VERSION", "1");
        Site.ProbeIni("processes = 4", "cheaper = 1", "disable-logging = true");
        var server = await StartAsync("site.ini");
        await using var load = Load.Start(Site.EndPoint, "/sleep?ms=100", 8);
        // Whatever the clients do, there is enough to do for all.
        var requests = Held(server, 4);
        var first = (await server.WorkersAsync(4)).ToHashSet();

        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.Reloaded);
        server.Workers.Count(worker => !first.Contains(worker.Pid)).Should().Be(4);
        await ReleaseAsync(requests);
        await Poll.Until(() => !server.Workers.Any(worker => first.Contains(worker.Pid)), "the old ones have gone");

        Site.ProbeIni("processes = 3", "cheaper = 2", "disable-logging = true");
        server.Send(Signal.Hup);
        await server.WorkersAsync(3);
        await load.AdvanceAsync(50);
        await load.StopAsync();
        load.Failures.Should().BeEmpty();
        await server.WorkersAsync(2);
    }

    [Fact]
    [Scenario("recycling-and-deaths-keep-the-size")]
    public async Task Recycled_and_killed_workers_do_not_disturb_the_number()
    {
        Site.CopyApp("deaths.py");
        Site.ProbeIni("module = deaths", "processes = 4", "cheaper = 2", "max-requests = 100", "min-worker-lifetime = 0", "disable-logging = true");
        var server = await StartAsync("site.ini");
        await using var load = Load.Start(Site.EndPoint, "/pid", 8);
        await Poll.Until(() => load.Bodies.Count >= 12 || !load.Failures.IsEmpty, "twelve processes have answered");
        Signals.Send(server.Workers[0].Pid, Signal.Kill);
        await load.AdvanceAsync(100);

        await load.StopAsync();

        load.Failures.Should().BeEmpty();
        await server.WorkersAsync(2);
        server.Workers.Should().OnlyContain(worker => worker.WorkerNumber <= 4, "numbers do not run away");
    }

    [Fact]
    [Scenario("paused-pool-does-not-grow")]
    public async Task A_paused_pool_does_not_grow_for_what_waits()
    {
        Site.ProbeIni("processes = 4", "cheaper = 1");
        var server = await StartAsync("site.ini");
        server.Send(Signal.TerminalStop);
        await server.WaitForLineAsync(new Regex("Paused"));
        var requests = Held(server, 4);
        await using var connection = await server.ConnectAsync();
        await connection.SendAsync("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await connection.IsStill(TimeSpan.FromSeconds(1))).Should().BeTrue("it waits");
        server.Workers.Should().ContainSingle();

        server.Send(Signal.TerminalStop);

        await Poll.Until(() => server.Workers.Count == 4, "it grows");
        await ReleaseAsync(requests);
    }

    private static Task<HttpReply>[] Sleepers(OneServeProcess server, int count, int milliseconds)
        => [.. Enumerable.Range(0, count).Select(i => server.GetAsync($"/sleep?ms={milliseconds}&note=note{i}"))];

    /// <summary>Requests that are in work, or wait for it, until they are released.</summary>
    private static Task<HttpReply>[] Held(OneServeProcess server, int count) => [.. Enumerable.Range(0, count).Select(_ => server.GetAsync("/gate"))];

    private async Task ReleaseAsync(Task<HttpReply>[] requests)
    {
        Site.OpenGate();
        (await Task.WhenAll(requests)).Should().OnlyContain(reply => reply.Status == 200);
    }

    private int Notes() => Directory.GetFiles(Site.Directory, "note*").Length;

    private void Say(string bytes)
    {
        using var fifo = new FileStream(Site.PathOf("commands"), FileMode.Open, FileAccess.Write);
        fifo.Write(System.Text.Encoding.ASCII.GetBytes(bytes));
    }
}
