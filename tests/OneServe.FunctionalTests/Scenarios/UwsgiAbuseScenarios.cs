using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>What comes to a uwsgi socket and is wrong, slow or lost.</summary>
public sealed class UwsgiAbuseScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private const string Get = "\u000e\0REQUEST_METHOD\u0003\0GET";

    private readonly int _port = Ports.Next();

    private EndPoint Socket => TestSite.At(_port);

    [Fact]
    [Scenario("hostile-packets-are-refused")]
    public async Task Hostile_packets_are_refused_with_their_status_and_a_line()
    {
        var server = await StartProbeAsync("buffer-size = 8192");
        var rows = new (string Bytes, int Status)[]
        {
            ("\0\0\0\0", 400),
            ("\0\u0005\0\0\u0001\0A\0\0", 400),
            ("\0\u0003\0\0\u0001\0A", 400),
            ("\0\u0006\0\0\u0001\0A\u0002\0b", 400),
            ("\0\u0006\0\0\u00ff\u00ffA\0\0\0", 400),
            ("\0\u0006\0\0\u0001\0A\u00ff\u00ffb", 400),
            ("\0\u0004\0\0\0\0\0\0", 400),
            ($"\0{(char)(Get.Length + 5)}\0\0{Get}\u0001\0\0\0\0", 400),
            ($"\0{(char)(Get.Length + 16)}\0\0{Get}\u0009\0PATH_INFO\u0003\0/\0a", 400),
            ($"\0{(char)(Get.Length + 19)}\0\0{Get}\u000e\0CONTENT_LENGTH\u0001\0x", 400),
            ("\0\u0013\0\0\u000e\0REQUEST_METHOD\u0001\0 ", 400),
            ("\0\u0001\u0020\0", 431),
            ("\0\u00ff\u00ff\0", 431),
            ("\u0001\u0010\0\0", 501),
            ("\u0005\u0010\0\0", 501),
            ("\u00ff\u00ff\u00ff\u00ff", 501),
        };

        foreach (var (bytes, status) in rows)
        {
            await using var connection = await RawHttp.ConnectAsync(Socket);
            await connection.SendAsync(bytes);
            var reply = await connection.ReceiveAsync();
            (reply.Status, reply["Content-Type"]).Should().Be((status, "text/plain"), Regex.Escape(bytes));
            reply.Text.Should().NotBeEmpty();
            (await connection.EndsAsync(Poll.Soon)).Should().BeTrue();
        }

        // Names twice, empty values, any octet in a value: unusual, and not wrong.
        string taken = $"{Get}\u0009\0PATH_INFO\u0002\0/x\u0009\0PATH_INFO\u0006\0/hello\u0001\0A\0\0\u0002\0\u00e4\u00ff\u0003\0\0\r\n";
        (await UwsgiPacket.ExchangeAsync(Socket, Encoding.Latin1.GetBytes($"\0{(char)taken.Length}\0\0{taken}"))).Text.Should().Be("Hello, world!");
        await Poll.Until(() => server.Log.Lines.Count(Messages.AccessLine.IsMatch) >= rows.Length + 1, "each has its line in the access log");
        Messages.StackTrace.IsMatch(server.Log.Text).Should().BeFalse();
    }

    [Fact]
    [Scenario("wrong-protocol-is-told")]
    public async Task Who_speaks_the_other_protocol_is_told_and_so_is_the_log()
    {
        var server = await StartProbeAsync();

        var http = await RawHttp.GetAsync(Socket, "/hello");
        http.Status.Should().Be(400);
        http.Text.Should().Contain("speaks the uwsgi protocol").And.Contain("http-socket");
        await server.WaitForLineAsync(new Regex("WARNING: .*speaks the uwsgi protocol, and HTTP came"));
        await server.WaitForLineAsync(new Regex(@" GET /hello => generated 0 bytes .*\(HTTP/1\.1 400\)"));

        var uwsgi = await UwsgiPacket.ExchangeAsync(Site.EndPoint, UwsgiPacket.Get("/hello"));
        uwsgi.Status.Should().Be(400);
        uwsgi.Text.Should().Contain("speaks HTTP").And.Contain("proxy_pass");

        await using var tls = await RawHttp.ConnectAsync(Socket);
        await tls.SendAsync("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003");
        (await tls.ReceiveAsync()).Text.Should().Contain("TLS");
    }

    [Fact]
    [Scenario("uwsgi-ping-is-answered")]
    public async Task A_ping_is_answered_and_a_connection_without_a_word_is_no_event()
    {
        var server = await StartProbeAsync();
        await using var connection = await RawHttp.ConnectAsync(Socket);
        await connection.SendAsync("d\0\0\0");
        (await connection.ReceiveToEndAsync()).Should().Be(("d\0\0\u0001", "closed"));
        await (await RawHttp.ConnectAsync(Socket)).DisposeAsync();

        (await UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Get("/version"))).Status.Should().Be(200);
        await server.WaitForLineAsync(new Regex("GET /version "));
        server.Log.Lines.Count(Messages.AccessLine.IsMatch).Should().Be(2, "the request that the start waits for, and the one before");
    }

    [Fact]
    [Scenario("slow-packets-and-bodies-time-out")]
    public async Task Slow_packets_and_bodies_time_out()
    {
        await StartProbeAsync("http-headers-timeout = 1", "http-timeout = 1");
        byte[] packet = UwsgiPacket.Post("/echo", new byte[100]);

        foreach (int sent in (int[])[2, 50, packet.Length - 100, packet.Length - 1])
        {
            await using var connection = await RawHttp.ConnectAsync(Socket);
            await connection.SendAsync(packet.AsMemory(0, sent));
            (await connection.ReceiveAsync()).Status.Should().Be(408, "{0} of {1} bytes have come", sent, packet.Length);
            (await connection.EndsAsync(Poll.Soon)).Should().BeTrue();
        }
    }

    [Fact]
    [Scenario("short-bodies-are-refused")]
    public async Task A_body_that_ends_too_soon_is_refused_and_reaches_no_application()
    {
        var server = await StartProbeAsync();
        byte[] packet = UwsgiPacket.Post("/sleep?note=ran", new byte[100_000]);
        await using (var connection = await RawHttp.ConnectAsync(Socket))
        {
            await connection.SendAsync(packet.AsMemory(0, packet.Length - 1));
            connection.EndWriting();
            (await connection.ReceiveAsync()).Status.Should().Be(400);
        }

        await using (var leaving = await RawHttp.ConnectAsync(Socket))
        {
            await leaving.SendAsync(packet.AsMemory(0, packet.Length - 1));
        }

        await Poll.Until(() => server.Log.Lines.Count(line => line.Contains("POST /sleep", StringComparison.Ordinal)) == 2, "both are logged");
        File.Exists(Site.PathOf("ran")).Should().BeFalse();
        Messages.StackTrace.IsMatch(server.Log.Text).Should().BeFalse();
        server.Log.Text.Should().NotContain("defect");
    }

    [Fact]
    [Scenario("uwsgi-peer-that-leaves")]
    public async Task A_peer_that_leaves_ends_its_answer()
    {
        var server = await StartProbeAsync();
        await using (var connection = await RawHttp.ConnectAsync(Socket))
        {
            await connection.SendAsync(UwsgiPacket.Get("/endless"));
            await connection.WaitForBytesAsync();
        }

        await Poll.Until(() => File.Exists(Site.PathOf("closed")), "close() of the answer is called");
        (await UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Get("/hello"))).Status.Should().Be(200);
        server.Log.Text.Should().NotContain("defect");
    }

    [Fact]
    [Scenario("mutated-packets-are-answered-or-closed")]
    public async Task Mutated_packets_are_answered_or_closed()
    {
        Site.Write("static/a.txt", "a static file");
        var server = await StartProbeAsync(
            "static-map = /static=static", "threads = 4", "http-headers-timeout = 2", "http-timeout = 2", "buffer-size = 8192", "limit-post = 200000",
            "disable-logging = true");
        int gateway = server.Gateway.Pid;

        // It throws with all that the script has to tell when anything is wrong, the seed first.
        string script = Path.Combine(Repository.Root, "bench", "fuzz.py");
        string told = await Task.Run(() => Interpreters.Run(
            Interpreters.System, script, "--uwsgi", "--port", _port.ToString(CultureInfo.InvariantCulture), "--seconds", "6"));

        told.Should().Contain(" 0 wrong, seed ");
        server.Gateway.Pid.Should().Be(gateway, "it has not crashed");
        Messages.StackTrace.IsMatch(server.Log.Text).Should().BeFalse("a client's abuse is no error of ours");
        server.Log.Text.Should().NotContain("defect");
        (await UwsgiPacket.ExchangeAsync(Socket, UwsgiPacket.Get("/hello"))).Status.Should().Be(200);
    }

    private async Task<OneServeProcess> StartProbeAsync(params string[] lines)
    {
        Site.ProbeIni([$"socket = 127.0.0.1:{_port}", .. lines]);
        return await StartAsync("site.ini");
    }
}
