using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>Several event loops in the gateway: connections go to them in turn, and each of them serves all.</summary>
public sealed class EventLoopScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private const int Loops = 3;

    [Fact]
    [Scenario("several-loops-serve-as-one")]
    public async Task Every_loop_serves_files_and_application()
    {
        Site.Write("static/a.txt", "a static file");
        Site.Write("wrapped", new byte[300_000]);
        var server = await StartLoopsAsync("static-map = /static=static", "processes = 2");
        byte[] body = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 7))];

        LoopThreads(server).Should().BeEquivalentTo(["loop 0", "loop 1", "loop 2"]);
        var connections = await ConnectAsync(server, 2 * Loops);
        foreach (var connection in connections)
        {
            (await connection.RequestAsync("GET", "/static/a.txt")).Text.Should().Be("a static file");
            (await connection.RequestAsync("GET", "/hello")).Text.Should().Be("Hello, world!");
            (await connection.RequestAsync("HEAD", "/hello")).Status.Should().Be(200);
            (await connection.RequestAsync("POST", "/echo", body[..3000])).Body.Should().Equal(body[..3000], "a small body rides along");
            (await connection.RequestAsync("POST", "/echo", body)).Body.Should().Equal(body, "a large one comes in a file");
            (await connection.RequestAsync("GET", "/big?bytes=3000000")).Body.Length.Should().Be(3_000_000);
            (await connection.RequestAsync("GET", "/wrapped")).Body.Length.Should().Be(300_000);
            (await connection.RequestAsync("GET", "/nowhere")).Status.Should().Be(404);
        }

        await DisposeAsync(connections);
    }

    [Fact]
    [Scenario("several-loops-share-a-clients-rate")]
    public async Task A_limit_counts_the_requests_on_all_loops()
    {
        var server = await StartLoopsAsync("route = ^/hello ratelimit:1/h,burst=2");
        var connections = await ConnectAsync(server, 2 * Loops);

        var statuses = new List<int>();
        foreach (var connection in connections)
            statuses.Add((await connection.RequestAsync("GET", "/hello")).Status);

        statuses.Should().Equal(200, 200, 429, 429, 429, 429);
        await DisposeAsync(connections);
    }

    [Fact]
    [Scenario("several-loops-and-workers-that-die")]
    public async Task A_worker_that_dies_costs_its_request_on_any_loop()
    {
        var server = await StartLoopsAsync("processes = 2", "harakiri = 1");
        var connections = await ConnectAsync(server, Loops);
        foreach (var connection in connections)
        {
            (await connection.RequestAsync("POST", "/exit", [])).Status.Should().Be(502);
            await server.WorkersAsync(2);
            (await connection.RequestAsync("GET", "/sleep?ms=60000")).Status.Should().Be(504);
            await server.WorkersAsync(2);
            (await connection.RequestAsync("GET", "/hello")).Status.Should().Be(200);
        }

        server.Log.Text.Should().Contain("POST /exit was with a worker that died").And.MatchRegex(@"GET /sleep\?ms=60000 has run for");
        await DisposeAsync(connections);
    }

    [Fact]
    [Scenario("several-loops-slow-and-departed-clients")]
    public async Task Slow_readers_and_clients_that_leave_hold_no_worker()
    {
        var server = await StartLoopsAsync("processes = 1");
        var readers = await ConnectAsync(server, Loops);
        foreach (var reader in readers)
        {
            await reader.SendAsync("GET /big?bytes=30000000 HTTP/1.1\r\nHost: a\r\n\r\n");
            await reader.WaitForBytesAsync();
            (await server.GetAsync("/hello")).Status.Should().Be(200, "the one worker is free");
        }

        // One of them leaves, the others read on.
        readers[1].Reset();
        foreach (var reader in readers.Where((_, i) => i != 1))
            (await reader.ReceiveAsync()).Body.Length.Should().Be(30_000_000);
        var endless = await ConnectAsync(server, Loops);
        foreach (var connection in endless)
        {
            await connection.SendAsync("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
            await connection.ReceiveHeadAsync();
            connection.Reset();
            (await server.GetAsync("/hello")).Status.Should().Be(200, "the worker has been told that its client left");
        }

        await DisposeAsync([.. readers, .. endless]);
    }

    [Fact]
    [Scenario("several-loops-reload-under-load")]
    public async Task A_reload_reaches_every_loop_and_loses_nothing()
    {
        Site.Write("static/a.txt", "old");
        Site.Write("other/a.txt", "new");
        var server = await StartLoopsAsync("static-map = /static=static", "processes = 2", "disable-logging = true");
        var connections = await ConnectAsync(server, Loops);
        foreach (var connection in connections)
            (await connection.RequestAsync("GET", "/static/a.txt")).Text.Should().Be("old");
        await using var load = Load.Start(Site.EndPoint, "/hello", 6);
        await load.AdvanceAsync(200);

        Site.ProbeIni("static-map = /static=other", "processes = 2", "disable-logging = true");
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(new Regex("generation 2 has taken over"));

        await server.WaitForLineAsync(new Regex("http-processes = 1 counts from the next start on: 3 it is"));
        foreach (var connection in connections)
            await Poll.Until(async () => (await connection.RequestAsync("GET", "/static/a.txt")).Text == "new", "the new map on every loop");
        await load.AdvanceAsync(200);
        await load.StopAsync();
        load.Failures.Should().BeEmpty();
        await DisposeAsync(connections);
    }

    private async Task<OneServeProcess> StartLoopsAsync(params string[] lines)
    {
        Site.ProbeIni([$"http-processes = {Loops}", .. lines]);
        return await StartAsync("site.ini");
    }

    /// <summary>One after the other: each goes to the next loop.</summary>
    private static async Task<RawHttp[]> ConnectAsync(OneServeProcess server, int count)
    {
        var connections = new RawHttp[count];
        for (int i = 0; i < count; i++)
            connections[i] = await server.ConnectAsync();
        return connections;
    }

    private static async Task DisposeAsync(IEnumerable<RawHttp> connections)
    {
        foreach (var connection in connections)
            await connection.DisposeAsync();
    }

    private static IEnumerable<string> LoopThreads(OneServeProcess server)
        => Directory.GetDirectories($"/proc/{server.Gateway.Pid}/task").Select(NameOf).Where(name => name.StartsWith("loop")).Distinct();

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText($"{task}/comm").Trim();
        }
        catch (IOException)
        {
            return ""; // a thread that has ended meanwhile
        }
    }
}
