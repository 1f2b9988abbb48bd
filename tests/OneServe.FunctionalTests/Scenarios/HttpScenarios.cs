using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

public sealed class HttpScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Fact]
    [Scenario("keep-alive")]
    public async Task One_connection_carries_many_requests()
    {
        Site.ProbeIni();
        var server = await StartAsync("site.ini");
        await using var connection = await server.ConnectAsync();

        for (int request = 0; request < 100; request++)
        {
            var reply = request % 2 == 0
                ? await connection.RequestAsync("GET", "/hello")
                : await connection.RequestAsync("POST", "/echo", "Hello, world!"u8.ToArray());
            reply.Text.Should().Be("Hello, world!");
        }
    }

    [Fact]
    [Scenario("pipelined-requests-are-answered-in-order")]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        Site.ProbeIni("processes = 2");
        var server = await StartAsync("site.ini");
        await using var connection = await server.ConnectAsync();

        await connection.SendAsync(string.Concat(
            new[] { "/sleep?ms=200", "/hello", "/nowhere" }.Select(target => $"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n")));

        (await connection.ReceiveAsync()).Text.Should().Be("slept");
        (await connection.ReceiveAsync()).Text.Should().Be("Hello, world!");
        (await connection.ReceiveAsync()).Status.Should().Be(404);
    }

    [Theory]
    [Scenario("head-has-no-body")]
    [InlineData("/hello")]
    [InlineData("/stream?n=3")]
    [InlineData("/static/a.txt")]
    public async Task Head_has_headers_and_no_body(string target)
    {
        Site.Write("static/a.txt", "a static file");
        Site.ProbeIni("static-map = /static=static");
        var server = await StartAsync("site.ini");
        await using var connection = await server.ConnectAsync();

        var get = await connection.RequestAsync("GET", target);
        var head = await connection.RequestAsync("HEAD", target);

        head.Status.Should().Be(200);
        head["Content-Type"].Should().Be(get["Content-Type"]);
        head["Content-Length"].Should().Be(get["Content-Length"]);
        (await connection.RequestAsync("GET", "/hello")).Text.Should().Be("Hello, world!", "the connection is where it should be");
    }

    [Fact]
    [Scenario("http-1-0-closes")]
    public async Task A_client_of_http_1_0_gets_its_answer_and_the_end()
    {
        Site.ProbeIni();
        var server = await StartAsync("site.ini");
        await using var connection = await server.ConnectAsync();

        await connection.SendAsync("GET /hello HTTP/1.0\r\n\r\n");

        (await connection.ReceiveAsync()).Text.Should().Be("Hello, world!");
        (await connection.EndsAsync(Poll.Soon)).Should().BeTrue();
    }

    [Theory]
    [Scenario("malformed-requests-are-refused")]
    [InlineData("GET /hello\r\n\r\n")]
    [InlineData("GET /hello HTTP/1.1\r\n\r\n")]
    [InlineData("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc")]
    [InlineData("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    [InlineData("GET /hello HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n")]
    [InlineData("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001 not http at all\r\n\r\n")]
    public async Task A_malformed_request_is_refused_and_nobody_else_notices(string bytes)
    {
        Site.ProbeIni();
        var server = await StartAsync("site.ini");
        await using var connection = await server.ConnectAsync();

        await connection.SendAsync(bytes);

        (await connection.ReceiveAsync()).Status.Should().Be(400);
        (await server.GetAsync("/hello")).Status.Should().Be(200);
        Messages.StackTrace.IsMatch(server.Log.Text).Should().BeFalse("a client's abuse is no error of ours");
    }

    [Fact]
    [Scenario("empty-chunked-body-keeps-the-connection")]
    public async Task An_empty_chunked_body_keeps_the_connection()
    {
        Site.ProbeIni();
        var server = await StartAsync("site.ini");
        await using var connection = await server.ConnectAsync();

        await connection.SendAsync("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        (await connection.ReceiveAsync()).Text.Should().BeEmpty();

        (await connection.RequestAsync("GET", "/hello")).Text.Should().Be("Hello, world!");
    }

    [Theory]
    [Scenario("half-closed-client-is-answered")]
    [InlineData("HTTP/1.0")]
    [InlineData("HTTP/1.1")]
    public async Task A_client_that_ends_its_writing_half_is_answered(string protocol)
    {
        Site.ProbeIni();
        var server = await StartAsync("site.ini");
        await using var connection = await server.ConnectAsync();

        await connection.SendAsync($"GET /sleep?ms=100 {protocol}\r\nHost: localhost\r\n\r\n");
        connection.EndWriting();

        (await connection.ReceiveAsync()).Text.Should().Be("slept");
    }

    [Fact]
    [Scenario("broken-uploads-leave-nothing")]
    public async Task Uploads_that_break_off_leave_nothing_open()
    {
        Site.ProbeIni();
        var server = await StartAsync("site.ini");
        int Open() => Directory.GetFiles($"/proc/{server.Gateway.Pid}/fd").Length;
        (await server.PostAsync("/echo", new byte[200_000])).Status.Should().Be(200);
        int before = Open();

        for (int i = 0; i < 20; i++)
        {
            await using var connection = await server.ConnectAsync();
            await connection.SendAsync("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n");
            await connection.SendAsync(new byte[300_000]);
            if (i % 2 == 0)
                connection.Reset();
        }

        await Poll.Until(() => Open() <= before, "connections and temporary files are closed");
        (await server.GetAsync("/hello")).Text.Should().Be("Hello, world!");
    }
}
