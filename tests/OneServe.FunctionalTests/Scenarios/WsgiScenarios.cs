using System.Text;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>What an application is given and what becomes of its answers (PEP 3333).</summary>
public sealed class WsgiScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Fact]
    [Scenario("environ-is-pep-3333")]
    public async Task The_environ_is_what_pep_3333_asks_for()
    {
        var server = await StartProbeAsync();

        var reply = await server.GetAsync(
            "/environ?q=%C3%A4&r=1", "Host: example.org:81", "X-Twice: a", "X-Twice: b", "Cookie: c=1", "Accept-Language: \u00e4");

        var environ = reply.Json();
        string Value(string key) => environ.GetProperty(key).GetString()!;
        Value("REQUEST_METHOD").Should().Be("GET");
        Value("SCRIPT_NAME").Should().BeEmpty();
        Value("PATH_INFO").Should().Be("/environ");
        Value("QUERY_STRING").Should().Be("q=%C3%A4&r=1");
        Value("SERVER_PROTOCOL").Should().Be("HTTP/1.1");
        Value("SERVER_PORT").Should().Be($"{Site.Port}");
        Value("SERVER_NAME").Should().NotBeEmpty();
        Value("REMOTE_ADDR").Should().Be("127.0.0.1");
        Value("REQUEST_URI").Should().Be("/environ?q=%C3%A4&r=1");
        Value("HTTP_HOST").Should().Be("example.org:81");
        Value("HTTP_X_TWICE").Should().MatchRegex("^a, ?b$");
        Value("HTTP_COOKIE").Should().Be("c=1");
        Value("wsgi.url_scheme").Should().Be("http");
        environ.GetProperty("wsgi.version").GetArrayLength().Should().Be(2);
        environ.GetProperty("wsgi.run_once").GetBoolean().Should().BeFalse();
        environ.GetProperty("wsgi.multiprocess").GetBoolean().Should().BeTrue();
        environ.EnumerateObject().Select(pair => pair.Name).Should().NotContain(name => name.StartsWith("HTTP_CONTENT", StringComparison.Ordinal));
    }

    [Fact]
    [Scenario("path-is-decoded")]
    public async Task The_path_is_decoded_to_bytes_as_latin_1()
    {
        var server = await StartProbeAsync();

        (await server.GetAsync("/caf%C3%A9%20%25")).Text.Should().Be("no probe at /café %");
    }

    [Theory]
    [Scenario("wsgiref-validates")]
    [InlineData("GET", 0)]
    [InlineData("POST", 1000)]
    [InlineData("POST", 300_000)]
    public async Task Wsgirefs_validator_finds_nothing(string method, int size)
    {
        var server = await StartProbeAsync();

        var reply = await RawHttp.RequestAsync(
            Site.EndPoint, method, "/validate?x=1", method == "GET" ? null : new byte[size], "Content-Type: application/octet-stream");

        reply.Status.Should().Be(200);
        reply.Text.Should().Be($"valid {size}");
        server.Log.Text.Should().NotContain("AssertionError");
    }

    [Theory]
    [Scenario("request-bodies-arrive-whole")]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(65_536)]
    [InlineData(100_000)]
    [InlineData(6_000_000)]
    public async Task Request_bodies_arrive_whole_whatever_their_size(int size)
    {
        var server = await StartProbeAsync();
        byte[] body = new byte[size];
        Random.Shared.NextBytes(body);

        var reply = await server.PostAsync("/echo", body);

        reply["X-Content-Length"].Should().Be($"{size}");
        reply.Body.AsSpan().SequenceEqual(body).Should().BeTrue();
        (await server.PostAsync("/ignore", body)).Text.Should().Be("ignored");
    }

    [Fact]
    [Scenario("chunked-request-body")]
    public async Task A_chunked_request_body_gets_its_length()
    {
        var server = await StartProbeAsync();
        await using var connection = await server.ConnectAsync();

        await connection.SendAsync("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nfirst \r\n");
        await connection.SendAsync("6\r\nsecond\r\n0\r\n\r\n");
        var reply = await connection.ReceiveAsync();

        reply.Text.Should().Be("first second");
        reply["X-Content-Length"].Should().Be("12");
    }

    [Fact]
    [Scenario("expect-continue")]
    public async Task A_client_that_expects_100_is_told_to_go_on()
    {
        var server = await StartProbeAsync();
        await using var connection = await server.ConnectAsync();

        await connection.SendAsync("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
        (await connection.ReceiveHeadAsync()).Should().StartWith("HTTP/1.1 100");
        await connection.SendAsync("body");

        (await connection.ReceiveAsync()).Text.Should().Be("body");
    }

    [Fact]
    [Scenario("input-is-read-by-lines")]
    public async Task The_input_is_read_by_lines_and_ends()
    {
        var server = await StartProbeAsync();

        var lines = (await server.PostAsync("/lines", "one\ntwo\nthree"u8.ToArray())).Json();

        lines.GetProperty("first").GetString().Should().Be("one\n");
        lines.GetProperty("rest").EnumerateArray().Select(line => line.GetString()).Should().Equal("two\n", "three");
        lines.GetProperty("end").GetString().Should().BeEmpty();
    }

    [Fact]
    [Scenario("streams-arrive-piece-by-piece")]
    public async Task A_streamed_answer_arrives_piece_by_piece()
    {
        // Each piece is made when the one before has come.
        Site.Write("site_app.py", """
            import gate

            def application(environ, start_response):
                start_response("200 OK", [("Content-Type", "text/plain")])
                if environ["PATH_INFO"] != "/stream":
                    return [b"ready"]

                def pieces():
                    for number in range(4):
                        gate.wait("come %d" % number)
                        yield b"piece %d" % number

                return pieces()
            """);
        Site.ProbeIni("module = site_app");
        var server = await StartAsync("site.ini");
        await using var connection = await server.ConnectAsync();

        await connection.SendAsync("GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
        for (int number = 0; number < 4; number++)
        {
            Site.Write($"come {number}", "");
            if (number == 0)
                (await connection.ReceiveHeadAsync()).Should().Contain("Transfer-Encoding: chunked");
            Encoding.ASCII.GetString((await connection.ReceiveChunkAsync())!).Should().Be($"piece {number}");
        }

        (await connection.ReceiveChunkAsync()).Should().BeEmpty();
    }

    [Fact]
    [Scenario("write-callable-works")]
    public async Task The_write_callable_works()
    {
        var server = await StartProbeAsync();

        (await server.GetAsync("/written")).Text.Should().Be("written and returned");
    }

    [Theory]
    [Scenario("large-answers-arrive-whole")]
    [InlineData(65_535)]
    [InlineData(300_000)]
    [InlineData(25_000_000)]
    public async Task Large_answers_arrive_whole(int size)
    {
        var server = await StartProbeAsync();

        var reply = await server.GetAsync($"/big?bytes={size}");

        reply.Complete.Should().BeTrue();
        reply["Content-Length"].Should().Be($"{size}");
        reply.Body.Select((value, index) => value == (byte)index).Should().NotContain(false);
    }

    [Fact]
    [Scenario("statuses-and-repeated-headers")]
    public async Task Statuses_and_repeated_headers_arrive_as_given()
    {
        var server = await StartProbeAsync();

        var created = await server.GetAsync("/status?code=201%20Made%20Here");
        created.Head.Should().StartWith("HTTP/1.1 201 Made Here");
        created.All("Set-Cookie").Should().Equal("a=1", "b=2");
        var empty = await server.GetAsync("/status?code=204%20No%20Content");
        empty.Status.Should().Be(204);
        empty["Content-Length"].Should().BeNull();
        empty["Transfer-Encoding"].Should().BeNull();
        (await server.GetAsync("/status?code=304%20Not%20Modified")).Status.Should().Be(304);
    }

    [Fact]
    [Scenario("exception-answers-500")]
    public async Task An_exception_is_answered_500_and_its_traceback_logged()
    {
        var server = await StartProbeAsync();

        var reply = await server.GetAsync("/raise");

        reply.Status.Should().Be(500);
        reply.Text.Should().NotContain("raised on purpose", "a client is told nothing of the inside");
        await server.WaitForLineAsync(Messages.Word("RuntimeError: raised on purpose"));
        (await server.GetAsync("/hello")).Status.Should().Be(200);
    }

    [Fact]
    [Scenario("exception-after-the-head-cuts")]
    public async Task An_exception_after_the_head_cuts_the_connection()
    {
        var server = await StartProbeAsync();

        var reply = await server.GetAsync("/raise-late");

        reply.Complete.Should().BeFalse("a client must see that the answer is not whole");
        await server.WaitForLineAsync(Messages.Word("RuntimeError: raised late on purpose"));
    }

    [Theory]
    [Scenario("client-that-leaves-ends-the-answer")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_leaves_ends_an_endless_answer(bool atOnce)
    {
        var server = await StartProbeAsync();
        var connection = await server.ConnectAsync();
        await connection.SendAsync("GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await connection.ReceiveHeadAsync();
        await connection.ReceiveChunkAsync();

        if (!atOnce)
            connection.EndWriting(); // first its half, then all of it
        connection.Reset();

        await Poll.Until(() => File.Exists(Site.PathOf("closed")), "the application's close() is called");
        server.Log.Text.Should().NotContain("Traceback", "a client that leaves is no error");
        (await server.GetAsync("/hello")).Status.Should().Be(200);
    }

    private async Task<OneServeProcess> StartProbeAsync()
    {
        Site.ProbeIni("processes = 2");
        return await StartAsync("site.ini");
    }

    [Theory]
    [Scenario("wrapped-files-end")]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(1000, false)]
    [InlineData(60_000, true)]
    [InlineData(3_000_000, true)]
    [InlineData(3_000_000, false)]
    public async Task A_wrapped_file_of_any_size_is_followed_by_the_next_answer(int size, bool framed)
    {
        byte[] content = new byte[size];
        Random.Shared.NextBytes(content);
        Site.Write("wrapped", content);
        var server = await StartProbeAsync();
        await using var connection = await server.ConnectAsync();

        for (int round = 0; round < 3; round++)
        {
            (await connection.RequestAsync("GET", "/wrapped?framed=" + framed)).Body.AsSpan().SequenceEqual(content).Should().BeTrue();
            (await connection.RequestAsync("GET", "/hello")).Text.Should().Be("Hello, world!");
        }
    }

    [Fact]
    [Scenario("reset-content-has-none")]
    public async Task A_205_has_no_content_whatever_the_application_sends()
    {
        var server = await StartProbeAsync();
        await using var connection = await server.ConnectAsync();

        var reply = await connection.RequestAsync("GET", "/status?code=205%20Reset%20Content");

        (reply.Status, reply.Text, reply["Content-Length"]).Should().Be((205, "", "0"));
        (await connection.RequestAsync("GET", "/hello")).Text.Should().Be("Hello, world!");
    }
}
