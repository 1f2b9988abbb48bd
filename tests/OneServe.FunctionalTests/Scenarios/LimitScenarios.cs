using System.Text;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>What is bounded, and the answers of those who come too late or with too much.</summary>
public sealed class LimitScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Fact]
    [Scenario("large-body-is-refused-unread")]
    public async Task A_body_over_the_limit_is_refused_before_it_is_read()
    {
        var server = await StartCornersAsync("limit-post = 100000");

        (await server.PostAsync("/received", new byte[100_000])).Text.Should().Be("100000 100000");

        await using (var client = await server.ConnectAsync())
        {
            await client.SendAsync("POST /received HTTP/1.1\r\nHost: a\r\nContent-Length: 100001\r\nExpect: 100-continue\r\n\r\n");
            string head = await client.ReceiveHeadAsync();
            head.Should().StartWith("HTTP/1.1 413 ", "a client that waits is not told to go on");
            (await client.EndsAsync(Poll.Soon)).Should().BeTrue();
        }

        // What counts is the body, not the heads of its chunks.
        await using (var client = await server.ConnectAsync())
        {
            await client.SendAsync("POST /received HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            await client.SendAsync(string.Concat(Enumerable.Repeat("4\r\nbody\r\n", 25_000)) + "0\r\n\r\n");
            (await client.ReceiveAsync()).Text.Should().EndWith(" 100000");
        }

        // Chunks do not tell their sum beforehand.
        await using (var client = await server.ConnectAsync())
        {
            await client.SendAsync("POST /received HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            byte[] chunk = [.. Encoding.ASCII.GetBytes("C350\r\n"), .. new byte[50_000], .. "\r\n"u8];
            for (int i = 0; i < 3; i++)
            {
                await client.SendAsync(chunk);
            }

            (await client.ReceiveAsync()).Status.Should().Be(413);
        }

        (await server.GetAsync("/")).Status.Should().Be(200);
    }

    [Fact]
    [Scenario("large-head-is-refused")]
    public async Task A_head_over_the_limit_is_refused()
    {
        var server = await StartCornersAsync("buffer-size = 8192");

        (await server.GetAsync("/pid", "X-Long: " + new string('x', 7000))).Status.Should().Be(200);
        (await server.GetAsync("/pid", "X-Long: " + new string('x', 9000))).Status.Should().Be(431);
        (await server.GetAsync("/pid?" + new string('x', 9000))).Status.Should().BeOneOf(414, 431);
    }

    [Fact]
    [Scenario("large-head-is-taken-when-asked")]
    public async Task A_large_head_is_taken_when_the_limit_is_raised()
    {
        var server = await StartCornersAsync("buffer-size = 131072");
        (await server.GetAsync("/pid?" + new string('x', 30_000), "X-Long: " + new string('x', 80_000))).Status.Should().Be(200);
    }

    [Fact]
    [Scenario("limits-follow-a-reload")]
    public async Task Limits_follow_a_reload()
    {
        var server = await StartCornersAsync("limit-post = 10", "buffer-size = 4096");
        (await server.PostAsync("/received", new byte[11])).Status.Should().Be(413);
        (await server.GetAsync("/pid", "X-Long: " + new string('x', 5000))).Status.Should().Be(431);

        Site.Ini(Site.Http, $"chdir = {Site.Directory}", "module = corners");
        server.Send(Signal.Hup);

        await Poll.Until(async () => (await server.PostAsync("/received", new byte[11])).Status == 200, "the new limits are in force");
        (await server.GetAsync("/pid", "X-Long: " + new string('x', 5000))).Status.Should().Be(200);
    }

    [Fact]
    [Scenario("request-that-waits-too-long-gets-503")]
    public async Task A_request_that_waits_too_long_gets_503()
    {
        var server = await StartCornersAsync("request-queue-timeout = 1");
        await Poll.Until(async () => (await server.GetAsync("/")).Status == 200, "the application is loaded, which may take longer than a request may wait");
        var busy = server.GetAsync("/held");
        await StartedAsync(1);

        // Some of these wait in the kernel's queue, some in the gateway's own. None of them can be taken before the gate is open.
        var replies = await Task.WhenAll(Enumerable.Range(0, 80).Select(_ => server.GetAsync("/held")));

        replies.Select(reply => reply.Status).Should().AllBeEquivalentTo(503);
        replies.Select(reply => reply["Retry-After"]).Should().AllBeEquivalentTo("1");
        busy.IsCompleted.Should().BeFalse("what runs is not what waits");
        Site.OpenGate();
        (await busy).Text.Should().Be("let go");
        await Poll.Until(async () => (await server.GetAsync("/")).Status == 200, "the next request is answered");
        File.ReadAllLines(Site.PathOf("started")).Should().HaveCount(1, "what was answered 503 is not run later");
    }

    [Fact]
    [Scenario("full-queue-gets-503-at-once")]
    public async Task A_full_queue_is_answered_503_at_once()
    {
        var server = await StartCornersAsync("request-queue-limit = 5");
        var busy = server.GetAsync("/held");
        await StartedAsync(1);

        // The worker's own queue takes 64 beside the one that runs; five more may wait in the gateway.
        var requests = Enumerable.Range(0, 120).Select(_ => server.GetAsync("/pid")).ToArray();
        await Poll.Until(() => requests.Count(request => request.IsCompleted) >= 40, "those for whom there is no room are answered");
        busy.IsCompleted.Should().BeFalse("they are answered at once");
        Site.OpenGate();
        var replies = await Task.WhenAll(requests);

        replies.Count(reply => reply.Status == 200).Should().BeInRange(60, 80);
        var refused = replies.Where(reply => reply.Status != 200).ToArray();
        refused.Select(reply => (reply.Status, reply["Retry-After"])).Should().AllBeEquivalentTo((503, "1"));
        (await busy).Status.Should().Be(200);
    }

    [Fact]
    [Scenario("client-that-leaves-takes-its-request-along")]
    public async Task A_client_that_leaves_takes_its_waiting_request_along()
    {
        var server = await StartCornersAsync();
        var busy = server.GetAsync("/held");
        await StartedAsync(1);

        // 64 of these wait in the workers' queue, where nothing can be taken back, the others in the gateway's own.
        int Open() => Directory.GetFiles($"/proc/{server.Gateway.Pid}/fd").Length;
        int before = Open();
        var clients = await Task.WhenAll(Enumerable.Range(0, 80).Select(_ => server.ConnectAsync()));
        foreach (var client in clients)
            await client.SendAsync("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
        await using var half = await server.ConnectAsync();
        await half.SendAsync("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
        await using var patient = await server.ConnectAsync();
        await patient.SendAsync("GET /pid HTTP/1.1\r\nHost: a\r\n\r\n");
        await Poll.Until(() => Open() >= before + 82, "all are there");
        await using (var refused = await server.ConnectAsync())
        {
            await refused.SendAsync("GET / HTTP/1.1\r\n\r\n");
            (await refused.ReceiveAsync()).Status.Should().Be(400, "and what was sent before has been read by now");
        }

        half.EndWriting();
        (await half.ReceiveAsync()).Status.Should().Be(503, "it may read on");
        half.Reset();
        foreach (var client in clients)
            client.Reset();
        await Poll.Until(() => Open() <= before + 1, "the gateway has seen that they left");
        Site.OpenGate();

        (await busy).Text.Should().Be("let go");
        (await patient.ReceiveAsync()).Status.Should().Be(200);
        File.ReadAllLines(Site.PathOf("started")).Should().HaveCount(1, "nobody waits for the others");
    }

    private Task StartedAsync(int count) => Poll.Until(
        () => File.Exists(Site.PathOf("started")) && File.ReadAllLines(Site.PathOf("started")).Length >= count, "the slow request has begun");

    private async Task<OneServeProcess> StartCornersAsync(params string[] lines)
    {
        Site.CopyApp("corners.py");
        Site.Ini([Site.Http, $"chdir = {Site.Directory}", "module = corners", .. lines]);
        return await StartAsync("site.ini");
    }
}
