using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>The uwsgi protocol, in exact bytes: what is served, and with what.</summary>
public sealed class UwsgiProtocolScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private readonly int _port = Ports.Next();

    private EndPoint Socket => TestSite.At(_port);

    [Fact]
    [Scenario("uwsgi-socket-is-served")]
    public async Task Packets_are_answered_on_every_kind_of_socket_in_pieces_of_any_size()
    {
        Site.ProbeIni(
            $"socket = 127.0.0.1:{_port}", "socket = site.sock", "uwsgi-socket = other.sock", "http = http.sock", "chmod-socket = 660", "processes = 2");
        var server = await StartAsync("site.ini");
        byte[] packet = UwsgiPacket.Get("/environ?a=b", ("HTTP_X_OWN", "\u00e4"), ("OWN", new string('x', 300)));

        foreach (var endpoint in (EndPoint[])[Socket, Site.UnixEndPoint("site.sock"), Site.UnixEndPoint("other.sock")])
        {
            foreach (int size in (int[])[packet.Length, 100, 1])
            {
                await using var connection = await RawHttp.ConnectAsync(endpoint);
                for (int at = 0; at < packet.Length; at += size)
                    await connection.SendAsync(packet.AsMemory(at, Math.Min(size, packet.Length - at)));
                var reply = await connection.ReceiveAsync();
                reply.Head.Should().StartWith("HTTP/1.1 200 OK\r\n");
                (reply["Connection"], reply["Transfer-Encoding"], reply["Date"]).Should().Be((null, null, null), "they are the matter of the server in front");
                (await connection.EndsAsync(Poll.Soon)).Should().BeTrue("one request a connection");
                var environ = reply.Json();
                environ.GetProperty("REMOTE_ADDR").GetString().Should().Be("203.0.113.9");
                environ.GetProperty("HTTP_X_OWN").GetString().Should().Be("\u00e4");
                environ.GetProperty("OWN").GetString().Should().HaveLength(300);
                environ.GetProperty("SERVER_NAME").GetString().Should().Be("site.example");
            }
        }

        (await RawHttp.GetAsync(Site.UnixEndPoint("http.sock"), "/hello")).Text.Should().Be("Hello, world!");
        const UnixFileMode readAndWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        File.GetUnixFileMode(Site.PathOf("site.sock")).Should().Be(readAndWrite);
        await server.WaitForLineAsync(new Regex($@"uwsgi://127\.0\.0\.1:{_port}"));
        await server.WaitForLineAsync(new Regex(@"\] 203\.0\.113\.9 \(\) \{\d+ vars in \d+ bytes\} .* GET /environ\?a=b => generated \d+ .*\(HTTP/1\.1 200\)"));
    }

    [Theory]
    [Scenario("protocol-of-sockets")]
    [InlineData("protocol = http", "http")]
    [InlineData("protocol = uwsgi", "uwsgi")]
    [InlineData("socket-protocol = http", "http")]
    public async Task The_protocol_of_sockets_is_named(string line, string protocol)
    {
        Site.ProbeIni(line, $"socket = 127.0.0.1:{_port}", "uwsgi-socket = own.sock");
        await StartAsync("site.ini");

        var reply = protocol == "http" ? await RawHttp.GetAsync(Socket, "/hello") : await UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Get("/hello"));
        reply.Text.Should().Be("Hello, world!");
        (await UwsgiPacket.ExchangeAsync(Site.UnixEndPoint("own.sock"), UwsgiPacket.Get("/hello"))).Text.Should().Be("Hello, world!");
    }

    [Fact]
    [Scenario("uwsgi-socket-alone")]
    public async Task A_site_that_listens_on_nothing_else_starts_serves_and_reloads()
    {
        Site.Write("VERSION", "1");
        Site.Ini("socket = site.sock", $"chdir = {Site.Directory}", "module = probe", "vacuum = true", "master = true");
        var server = Launch("site.ini");
        await server.WaitForLineAsync(Messages.Ready);
        var endpoint = Site.UnixEndPoint("site.sock");
        (await UwsgiPacket.ExchangeAsync(endpoint, UwsgiPacket.Get("/version"))).Text.Should().Be("1");

        Site.Write("VERSION", "2");
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.Reloaded);
        (await UwsgiPacket.ExchangeAsync(endpoint, UwsgiPacket.Get("/version"))).Text.Should().Be("2");
        await server.StopAsync();
        File.Exists(Site.PathOf("site.sock")).Should().BeFalse();
    }

    [Fact]
    [Scenario("uwsgi-requests-are-finished-at-a-stop")]
    public async Task A_stop_lets_requests_in_work_finish()
    {
        var server = await StartProbeAsync("processes = 2");
        var slow = UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Get("/sleep?ms=2500&note=working"));
        await using var silent = await RawHttp.ConnectAsync(Socket);
        await Poll.Until(() => File.Exists(Site.PathOf("working")), "the application works on the slow request");

        server.Send(Signal.Term);

        (await slow).Text.Should().Be("slept");
        (await server.WaitForExitAsync()).ExitCode.Should().Be(0);
        (await silent.EndsAsync(Poll.Soon)).Should().BeTrue("it has nothing to say");
    }

    [Fact]
    [Scenario("uwsgi-body-by-its-length")]
    public async Task A_body_is_as_long_as_CONTENT_LENGTH_says()
    {
        await StartProbeAsync();
        var random = new Random(1);
        foreach (int length in (int[])[0, 1, 1000, 16_380, 70_000, 3_000_000])
        {
            byte[] body = new byte[length];
            random.NextBytes(body);
            var reply = await UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Post("/echo", body));
            reply.Status.Should().Be(200);
            reply.Body.Should().Equal(body);
        }

        byte[] behind = [.. UwsgiPacket.Post("/echo", "body"u8.ToArray()), .. "more"u8];
        (await UwsgiPacket.ExchangeAsync(Socket, behind)).Text.Should().Be("body");
        (await UwsgiPacket.ExchangeAsync(Socket, [.. UwsgiPacket.Get("/echo"), .. "more"u8])).Text.Should().BeEmpty("without a length there is no body");
    }

    [Fact]
    [Scenario("uwsgi-answers-end-with-the-connection")]
    public async Task Answers_of_any_length_are_whole_and_those_to_HEAD_are_empty()
    {
        await StartProbeAsync();

        var streamed = await UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Get("/stream?n=3&ms=20"));
        (streamed.Text, streamed["Content-Length"]).Should().Be(("piece 0\npiece 1\npiece 2\n", null));
        (await UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Get("/big?bytes=5000000"))).Body.Length.Should().Be(5_000_000);
        var cookies = await UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Get("/status?code=404%20Gone%20Fishing"));
        cookies.Head.Should().StartWith("HTTP/1.1 404 Gone Fishing\r\n");
        cookies.All("Set-Cookie").Should().Equal("a=1", "b=2");
        foreach (string target in (string[])["/hello", "/big?bytes=100000", "/status"])
        {
            await using var connection = await RawHttp.ConnectAsync(Socket);
            await connection.SendAsync(UwsgiPacket.Request("HEAD", target));
            var (received, end) = await connection.ReceiveToEndAsync();
            received.Should().StartWith("HTTP/1.1 20").And.EndWith("\r\n\r\n");
            end.Should().Be("closed");
        }
    }

    [Fact]
    [Scenario("uwsgi-cut-answer-is-reset")]
    public async Task An_answer_that_is_cut_off_does_not_pass_for_the_whole()
    {
        await StartProbeAsync();
        await using var connection = await RawHttp.ConnectAsync(Socket);
        await connection.SendAsync(UwsgiPacket.Get("/raise-late"));

        var (received, end) = await connection.ReceiveToEndAsync();

        received.Should().StartWith("HTTP/1.1 200 OK\r\n");
        end.Should().Be("reset");
    }

    [Fact]
    [Scenario("uwsgi-files-and-routes")]
    public async Task Files_routes_and_added_fields_are_as_for_HTTP()
    {
        byte[] large = new byte[300_000];
        new Random(2).NextBytes(large);
        Site.Write("static/large.bin", large);
        Site.Write("static/a.txt", "a file");
        Site.Write("users", "ann:{SHA}" + Convert.ToBase64String(System.Security.Cryptography.SHA1.HashData("secret"u8)) + "\n");
        await StartProbeAsync(
            "static-map = /static=static", "add-header = X-Added: yes", "route = ^/old redirect:/new?${QUERY_STRING}",
            $"route = ^/environ basicauth:Realm,{Site.PathOf("users")}");

        (await Ask("/static/large.bin")).Body.Should().Equal(large);
        var file = await Ask("/static/a.txt");
        (file.Text, file["X-Added"], file["Content-Length"]).Should().Be(("a file", "yes", "6"));
        (await Ask("/static/a.txt", ("HTTP_IF_NONE_MATCH", file["ETag"]!))).Status.Should().Be(304);
        var part = await Ask("/static/a.txt", ("HTTP_RANGE", "bytes=2-"));
        (part.Status, part.Text).Should().Be((206, "file"));
        (await UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Request("HEAD", "/static/large.bin"), bodyless: true))["Content-Length"].Should().Be("300000");
        var moved = await Ask("/old?a=b");
        (moved.Status, moved["Location"]).Should().Be((302, "/new?a=b"));
        (await Ask("/environ")).Status.Should().Be(401);
        string credentials = "Basic " + Convert.ToBase64String("ann:secret"u8);
        var environ = (await Ask("/environ", ("HTTP_AUTHORIZATION", credentials), ("REMOTE_USER", "eve"))).Json();
        environ.GetProperty("REMOTE_USER").GetString().Should().Be("ann", "whom a route has let in counts");

        Task<HttpReply> Ask(string target, params (string, string)[] more) => UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Get(target, more));
    }

    [Fact]
    [Scenario("uwsgi-mounts")]
    public async Task The_server_in_front_may_choose_the_application()
    {
        Site.Write("names.py", """
            import json
            def make(name):
                def application(environ, start_response):
                    start_response("200 OK", [])
                    return [json.dumps([name, environ["SCRIPT_NAME"], environ["PATH_INFO"]]).encode()]
                return application
            application, shop = make("main"), make("shop")
            """);
        foreach (bool manage in (bool[])[false, true])
        {
            int port = Ports.Next();
            Site.Ini(
                $"socket = 127.0.0.1:{port}", $"chdir = {Site.Directory}", "module = names", "mount = /shop=names:shop",
                $"manage-script-name = {(manage ? "true" : "false")}");
            var server = Launch("site.ini");
            await server.WaitForLineAsync(Messages.Ready);
            foreach (var (modifier, script, path, expected) in new[]
            {
                (0, "", "/shop/a", manage ? """["shop", "/shop", "/a"]""" : """["shop", "", "/shop/a"]"""),
                (0, "/shop", "/a", """["shop", "/shop", "/a"]"""),
                (0, "/shop", "/shop/a", manage ? """["shop", "/shop", "/a"]""" : """["shop", "/shop", "/shop/a"]"""),
                (30, "/shop", "/shop/a", """["shop", "/shop", "/a"]"""),
                (30, "/other", "/other/a", """["main", "/other", "/a"]"""),
                (0, "/other", "/a", """["main", "/other", "/a"]"""),
            })
            {
                byte[] packet = UwsgiPacket.Of((byte)modifier, ("REQUEST_METHOD", "GET"), ("SCRIPT_NAME", script), ("PATH_INFO", path));
                var reply = await UwsgiPacket.ExchangeAsync(TestSite.At(port), packet);
                reply.Text.Should().Be(expected, "{0} {1} {2}, managed {3}", modifier, script, path, manage);
            }

            byte[] chosen = UwsgiPacket.Of(0, ("REQUEST_METHOD", "GET"), ("UWSGI_APPID", "/shop"), ("PATH_INFO", "/x"));
            (await UwsgiPacket.ExchangeAsync(TestSite.At(port), chosen)).Text.Should().Be("""["shop", "", "/x"]""");
            await server.StopAsync();
        }
    }

    [Fact]
    [Scenario("uwsgi-limits-and-failures")]
    public async Task Limits_and_failures_are_answered_as_over_HTTP()
    {
        await StartProbeAsync("limit-post = 100000", "buffer-size = 4096", "harakiri = 1", "processes = 2");

        (await UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Post("/echo", new byte[100_000]))).Status.Should().Be(200);
        (await UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Post("/echo", new byte[100_001]))).Status.Should().Be(413);
        (await UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Get("/hello", ("HTTP_X", new string('x', 5000))))).Status.Should().Be(431);
        (await UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Get("/raise"))).Status.Should().Be(500);
        (await UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Post("/crash", []))).Status.Should().Be(502);
        (await UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Get("/sleep?ms=8000"))).Status.Should().Be(504);
        (await UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Get("/hello"))).Status.Should().Be(200);
    }

    [Fact]
    [Scenario("uwsgi-on-several-loops")]
    public async Task Several_event_loops_serve_packets_too()
    {
        Site.Write("static/a.txt", "a file");
        await StartProbeAsync("http-processes = 3", "processes = 2", "static-map = /static=static");
        byte[] body = new byte[200_000];
        new Random(3).NextBytes(body);

        await Parallel.ForEachAsync(Enumerable.Range(0, 60), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (_, _) =>
        {
            (await UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Get("/hello"))).Text.Should().Be("Hello, world!");
            (await UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Get("/static/a.txt"))).Text.Should().Be("a file");
            (await UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Post("/echo", body))).Body.Length.Should().Be(body.Length);
        });
    }

    [Fact]
    [Scenario("uwsgi-socket-handed-over")]
    public async Task An_inherited_socket_speaks_the_protocol_that_is_named()
    {
        Site.Ini("socket = fd://3", $"chdir = {Site.Directory}", "module = probe");
        const string program = """
            import os, socket, sys
            listener = socket.socket()
            listener.bind(("127.0.0.1", int(sys.argv[1])))
            listener.listen()
            os.dup2(listener.fileno(), 3)
            os.set_inheritable(3, True)
            os.execv(sys.argv[2], sys.argv[2:])
            """;
        var server = LaunchProgram(Interpreters.System, "-c", program, _port.ToString(CultureInfo.InvariantCulture), Repository.Executable, "site.ini");
        await server.WaitForLineAsync(new Regex($@"uwsgi://127\.0\.0\.1:{_port} \(inherited, descriptor 3\)"));

        (await UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Get("/hello"))).Text.Should().Be("Hello, world!");
    }

    private async Task<OneServeProcess> StartProbeAsync(params string[] lines)
    {
        Site.ProbeIni([$"socket = 127.0.0.1:{_port}", .. lines]);
        return await StartAsync("site.ini");
    }
}
