using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using OneServe.FunctionalTests.Harness;
using OneServe.FunctionalTests.Nginx;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>Behind nginx and other proxies: who is believed, and what the application sees.</summary>
public sealed class ProxyScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private const string ProxyPass = """
        location / {
          proxy_pass http://site; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host:$server_port;
          proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto https; proxy_set_header X-Forwarded-Port 8443;
          client_max_body_size 0;
        }
        """;

    [Theory]
    [Scenario("behind-nginx-the-client-is-seen")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Behind_nginx_the_application_sees_the_client(bool unix)
    {
        Site.Write("static/a.txt", "a file");
        Site.ProbeIni("processes = 2", "http = site.sock", "chmod-socket = 666", $"static-map = /static={Site.PathOf("static")}");
        var server = await StartAsync("site.ini");
        string address = unix ? $"unix:{Site.PathOf("site.sock")}" : $"127.0.0.1:{Site.Port}";
        await using var nginx = await NginxProcess.StartAsync(Site, ProxyPass, $"server {address}; keepalive 4;");
        await using var connection = await RawHttp.ConnectAsync(nginx.EndPoint);

        for (int round = 0; round < 3; round++)
        {
            var environ = (await connection.RequestAsync("GET", "/environ?a=b", null, "X-Forwarded-For: 6.6.6.6, 203.0.113.9")).Json();
            Entry(environ, "REMOTE_ADDR").Should().Be("203.0.113.9", "what stands before the last stranger may be made up");
            Entry(environ, "wsgi.url_scheme").Should().Be("https");
            Entry(environ, "HTTPS").Should().Be("on");
            Entry(environ, "SERVER_PORT").Should().Be("8443");
            Entry(environ, "HTTP_HOST").Should().Be($"localhost:{((IPEndPoint)nginx.EndPoint).Port}");
        }

        Entry((await connection.RequestAsync("GET", "/environ")).Json(), "REMOTE_ADDR").Should().Be("127.0.0.1", "the client is nginx's neighbour");
        (await connection.RequestAsync("GET", "/static/a.txt")).Text.Should().Be("a file");
        byte[] body = new byte[300_000];
        new Random(1).NextBytes(body);
        (await connection.RequestAsync("POST", "/echo", body)).Body.Should().Equal(body);
        await server.WaitForLineAsync(new(@"\] 203\.0\.113\.9 \(\) .* GET /environ\?a=b"));
    }

    [Fact]
    [Scenario("behind-nginx-nothing-is-lost-in-a-reload")]
    public async Task Behind_nginx_with_keep_alive_nothing_is_lost_in_a_reload()
    {
        Site.Write("VERSION", "1");
        Site.ProbeIni("processes = 2", "disable-logging = true");
        var server = await StartAsync("site.ini");
        await using var nginx = await NginxProcess.StartAsync(Site, ProxyPass, $"server 127.0.0.1:{Site.Port}; keepalive 8;");

        await Load.AssertReloadsLoseNothingAsync(server, nginx.EndPoint);
    }

    [Theory]
    [Scenario("forwarded-fields-count-from-trusted-proxies-alone")]
    [InlineData("", "203.0.113.9", "https")]
    [InlineData("trusted-proxies = none", "127.0.0.1", "http")]
    [InlineData("trusted-proxies = 10.0.0.0/8 unix", "127.0.0.1", "http")]
    [InlineData("trusted-proxies = 127.0.0.1", "203.0.113.9", "https")]
    [InlineData("trusted-proxies = *", "6.6.6.6", "https")]
    public async Task Forwarded_fields_count_from_trusted_proxies_alone(string line, string address, string scheme)
    {
        Site.ProbeIni(line);
        var server = await StartAsync("site.ini");

        foreach (string[] fields in (string[][])[
            ["X-Forwarded-For: 6.6.6.6, 203.0.113.9", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil.example"],
            ["Forwarded: for=6.6.6.6, for=203.0.113.9;proto=https;host=evil.example"]])
        {
            var environ = (await server.GetAsync("/environ", fields)).Json();
            (Entry(environ, "REMOTE_ADDR"), Entry(environ, "HTTP_HOST")).Should().Be((address, "localhost"));
            // `for=6.6.6.6` is an element of its own, which says nothing of a scheme.
            if (fields.Length > 1 || address != "6.6.6.6")
                Entry(environ, "wsgi.url_scheme").Should().Be(scheme);
        }

        Entry((await server.GetAsync("/environ", "X-Forwarded-Host: shop.example")).Json(), "HTTP_X_FORWARDED_HOST").Should().Be("shop.example");
    }

    [Fact]
    [Scenario("forwarded-host-when-asked-for")]
    public async Task A_forwarded_host_takes_the_place_of_host_when_asked_for()
    {
        Site.ProbeIni("trust-forwarded-host = true");
        var server = await StartAsync("site.ini");

        Entry((await server.GetAsync("/environ", "X-Forwarded-Host: shop.example:8443")).Json(), "HTTP_HOST").Should().Be("shop.example:8443");
        Entry((await server.GetAsync("/environ", "X-Forwarded-Host: shop.example/x")).Json(), "HTTP_HOST").Should().Be("localhost", "that is no host");
    }

    [Theory]
    [Scenario("proxy-protocol-names-the-client")]
    [InlineData("PROXY TCP4 203.0.113.7 192.0.2.1 4711 8443\r\n", "203.0.113.7", "4711", "8443", "http")]
    [InlineData("PROXY TCP6 2001:db8::7 2001:db8::1 4711 443\r\n", "2001:db8::7", "4711", "443", "http")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n!\u0011\0\u0014\u00cb\0\u0071\u0007\u00c0\0\u0002\u0001\u0012\u0067\u0001\u00bb\u0020\0\u0005\u0001\0\0\0\0", "203.0.113.7", "4711", "443", "https")]
    [InlineData("PROXY UNKNOWN\r\n", "127.0.0.1", null, null, "http")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n \0\0\0", "127.0.0.1", null, null, "http")]
    public async Task The_PROXY_protocol_names_the_client(string header, string address, string? port, string? serverPort, string scheme)
    {
        Site.ProbeIni("enable-proxy-protocol = true");
        var server = Launch("site.ini");
        await server.WaitListeningAsync();

        foreach (int piece in (int[])[1000, 7, 1])
        {
            await using var connection = await server.ConnectAsync();
            byte[] bytes = Encoding.Latin1.GetBytes(header + "GET /environ HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n");
            for (int at = 0; at < bytes.Length; at += piece)
                await connection.SendAsync(bytes.AsMemory(at, Math.Min(piece, bytes.Length - at)));

            for (int request = 0; request < 2; request++)
            {
                var reply = request == 0 ? await connection.ReceiveAsync() : await connection.RequestAsync("GET", "/environ", null, "X-Forwarded-For: 6.6.6.6");
                var environ = reply.Json();
                // Who is named by the header and is no proxy of ours is not believed in what he says further.
                Entry(environ, "REMOTE_ADDR").Should().Be(address == "127.0.0.1" ? "6.6.6.6" : address);
                Entry(environ, "REMOTE_PORT").Should().Be(port ?? "");
                Entry(environ, "SERVER_PORT").Should().Be(serverPort ?? Site.Port.ToString(CultureInfo.InvariantCulture));
                Entry(environ, "wsgi.url_scheme").Should().Be(scheme);
            }
        }
    }

    [Fact]
    [Scenario("proxy-protocol-is-insisted-on")]
    public async Task A_trusted_proxy_that_begins_otherwise_is_refused_and_a_stranger_needs_no_header()
    {
        Site.ProbeIni("enable-proxy-protocol = true", "http = site.sock", "trusted-proxies = unix");
        var server = await StartAsync("site.ini");

        (await server.GetAsync("/hello")).Status.Should().Be(200, "127.0.0.1 is no trusted proxy here");
        await using var connection = await RawHttp.ConnectAsync(Site.UnixEndPoint("site.sock"));
        await connection.SendAsync("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await connection.ReceiveAsync()).Status.Should().Be(400);
        await using var stranger = await server.ConnectAsync();
        await stranger.SendAsync("PROXY TCP4 203.0.113.7 192.0.2.1 4711 8443\r\nGET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await stranger.ReceiveAsync()).Status.Should().Be(400, "a stranger names nobody");
    }

    [Fact]
    [Scenario("proxies-have-no-limit-per-address")]
    public async Task A_trusted_proxy_may_have_any_number_of_connections()
    {
        Site.ProbeIni("max-connections-per-address = 2", "trusted-proxies = 127.0.0.1");
        var server = await StartAsync("site.ini");
        List<RawHttp> connections = [];
        for (int i = 0; i < 5; i++)
            connections.Add(await server.ConnectAsync());

        foreach (var connection in connections)
        {
            (await connection.RequestAsync("GET", "/hello")).Status.Should().Be(200);
            await connection.DisposeAsync();
        }
    }

    private static string? Entry(JsonElement environ, string key) => environ.TryGetProperty(key, out var value) ? value.GetString() : null;
}
