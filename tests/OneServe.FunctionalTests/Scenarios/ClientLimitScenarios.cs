using System.Globalization;
using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>Clients that are slow, silent or many.</summary>
public sealed class ClientLimitScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private const string Head = "GET /hello HTTP/1.1\r\nHost: a\r\n";

    [Fact]
    [Scenario("slow-clients-get-408")]
    public async Task Slow_clients_get_408()
    {
        var server = await StartAsync("http-headers-timeout = 1", "http-timeout = 1", "buffer-size = 40000");
        (string Case, string[] Pieces)[] cases =
        [
            ("a byte of a head", ["G"]),
            ("a head without its end", [Head]),
            ("a head that goes on and on", [Head, .. Enumerable.Repeat("X: y\r\n", 40)]),
            ("a large head without its end", [Head + "X: " + new string('x', 30_000)]),
            ("a head behind an answered request", [Head + "\r\n" + Head]),
            ("a body that never begins", ["POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n"]),
            ("a body that stops", ["POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc"]),
            ("chunks that stop", ["POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"]),
            ("extensions without a chunk", ["POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;", .. Enumerable.Repeat("xxxx", 40)]),
            ("a large body that stops", ["POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + new string('x', 90_000)]),
        ];

        string[] got = await Task.WhenAll(cases.Select(async slow =>
        {
            await using var connection = await server.ConnectAsync();
            var answer = connection.ReceiveToEndAsync();
            foreach (string piece in slow.Pieces.TakeWhile(_ => !answer.IsCompleted))
            {
                await connection.SendAsync(piece);
                await Poll.Holds(() => answer.IsCompleted, TimeSpan.FromMilliseconds(100));
            }

            var (received, end) = await answer;
            return $"{slow.Case}: {string.Join(' ', Regex.Matches(received, @"HTTP/1\.1 (\d+)").Select(match => match.Groups[1].Value))} {end}";
        }));

        got.Should().Equal(cases.Select(slow => $"{slow.Case}: {(slow.Case.Contains("behind") ? "200 " : "")}408 closed"));
        await Poll.Until(() => server.Log.Lines.Count(line => line.Contains(" 408) ", StringComparison.Ordinal)) == cases.Length, "each has its line in the log");
        (await server.GetAsync("/hello")).Status.Should().Be(200);
    }

    [Fact]
    [Scenario("client-that-takes-nothing-is-cut")]
    public async Task A_client_that_takes_nothing_is_cut()
    {
        var server = await StartAsync("http-timeout = 1", "http-keepalive = 2");
        int Open() => Directory.GetFiles($"/proc/{server.Gateway.Pid}/fd").Length;
        await using var idle = await server.ConnectAsync();
        (await idle.RequestAsync("GET", "/hello")).Status.Should().Be(200);
        await using var working = await server.ConnectAsync();
        await working.SendAsync("GET /sleep?ms=4000&note=working HTTP/1.1\r\nHost: a\r\n\r\n");
        await Poll.Until(() => File.Exists(Site.PathOf("working")), "the application works on the request");
        int before = Open();
        await using var stuck = await server.ConnectAsync();
        await stuck.SendAsync("GET /big?bytes=50000000 HTTP/1.1\r\nHost: a\r\n\r\n");
        await stuck.WaitForBytesAsync();

        (await idle.EndsAsync(Poll.Soon)).Should().BeTrue("nothing has come for `http-keepalive`");
        await Poll.Until(() => Open() < before, "the connection that takes nothing is closed");
        (await working.ReceiveAsync()).Text.Should().Be("slept", "a client that waits for its answer is not slow");
    }

    [Fact]
    [Scenario("connections-are-not-kept-when-asked")]
    public async Task Connections_are_not_kept_when_asked()
    {
        var server = await StartAsync("http-keepalive = 0", "max-fd = 500");
        await using var connection = await server.ConnectAsync();

        (await connection.RequestAsync("GET", "/hello"))["Connection"].Should().Be("close");

        (await connection.EndsAsync(Poll.Soon)).Should().BeTrue();
        foreach (int pid in new[] { server.Pid, server.Gateway.Pid, server.Workers[0].Pid })
        {
            (await File.ReadAllTextAsync($"/proc/{pid}/limits")).Should().MatchRegex(@"Max open files\s+500\s+500 ");
        }
    }

    [Theory]
    [Scenario("connections-beyond-a-limit-get-503")]
    [InlineData("max-connections", "`max-connections` are open")]
    [InlineData("max-connections-per-address", "127.0.0.1 has `max-connections-per-address` open")]
    public async Task Connections_beyond_a_limit_get_503(string option, string reason)
    {
        const int limit = 5;
        var server = await StartAsync(string.Create(CultureInfo.InvariantCulture, $"{option} = {limit}"));
        var kept = new List<RawHttp>();
        for (int i = 0; i < limit; i++)
        {
            kept.Add(await server.ConnectAsync());
            (await kept[i].RequestAsync("GET", "/hello")).Status.Should().Be(200);
        }

        for (int i = 0; i < 20; i++)
        {
            await using var refused = await server.ConnectAsync();
            await refused.SendAsync(Head + "\r\n");
            var (received, end) = await refused.ReceiveToEndAsync();
            received.Should().StartWith("HTTP/1.1 503 ").And.Contain("Retry-After: 1");
            end.Should().Be("closed");
        }

        (await kept[0].RequestAsync("GET", "/hello")).Status.Should().Be(200, "who is in stays in");
        foreach (var connection in kept)
        {
            await connection.DisposeAsync();
        }

        await Poll.Until(async () => (await server.GetAsync("/hello")).Status == 200, "there is room again");
        server.Log.Lines.Count(line => line.Contains(reason, StringComparison.Ordinal)).Should().Be(1, "a crowd fills no log");
    }

    private new async Task<OneServeProcess> StartAsync(params string[] lines)
    {
        Site.ProbeIni(["threads = 4", .. lines]);
        return await base.StartAsync("site.ini");
    }
}
