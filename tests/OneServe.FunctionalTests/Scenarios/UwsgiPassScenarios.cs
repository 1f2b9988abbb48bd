using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using OneServe.FunctionalTests.Nginx;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>Behind nginx's `uwsgi_pass`, as most sites of uWSGI run.</summary>
public sealed partial class UwsgiPassScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private const int LongestValue = 48;

    [Theory]
    [Scenario("behind-uwsgi-pass-the-client-is-seen")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_application_sees_the_client_and_what_nginx_says(bool unix)
    {
        int port = Ports.Next();
        Site.Write("static/a.txt", "a file");
        Site.ProbeIni($"socket = {(unix ? "site.sock" : $"127.0.0.1:{port}")}", "processes = 2", $"static-map = /static={Site.PathOf("static")}");
        var server = await StartAsync("site.ini");
        string address = unix ? $"unix:{Site.PathOf("site.sock")}" : $"127.0.0.1:{port}";
        await using var nginx = await NginxProcess.StartAsync(Site, """
            include /etc/nginx/uwsgi_params; set_real_ip_from 127.0.0.1; real_ip_header X-Real;
            location / {
              include /etc/nginx/uwsgi_params; uwsgi_pass site;
              uwsgi_param UWSGI_SCHEME https; uwsgi_param HTTPS on; uwsgi_param HTTP_X_FORCED front; uwsgi_param OWN_EMPTY "";
              uwsgi_param REMOTE_USER ann;
              uwsgi_param SSL_DN "CN=Zoë"; uwsgi_param wsgi.input evil; uwsgi_param UWSGI_MODULE other:application;
            }
            location /shop { include /etc/nginx/uwsgi_params; uwsgi_param SCRIPT_NAME /shop; uwsgi_modifier1 30; uwsgi_pass site; }
            location /bare { uwsgi_param A b; uwsgi_pass site; }
            """, $"server {address};");
        await using var connection = await RawHttp.ConnectAsync(nginx.EndPoint);

        string[] fields = ["X-Real: 203.0.113.9", "X-Forced: client", "X-Two: 1", "Cookie: a=1; b=2"];
        var environ = (await connection.RequestAsync("GET", "/environ?a=b%20c", null, fields)).Json();
        foreach (var (key, value) in new[]
        {
            ("REMOTE_ADDR", "203.0.113.9"), ("wsgi.url_scheme", "https"), ("HTTPS", "on"), ("HTTP_X_FORCED", "front"), ("OWN_EMPTY", ""),
            ("REMOTE_USER", "ann"),
            ("SSL_DN", "CN=Zo\u00c3\u00ab"), ("HTTP_X_TWO", "1"), ("HTTP_COOKIE", "a=1; b=2"), ("QUERY_STRING", "a=b%20c"), ("REQUEST_URI", "/environ?a=b%20c"),
            ("UWSGI_SCHEME", "https"), ("SERVER_PROTOCOL", "HTTP/1.1"), ("CONTENT_LENGTH", ""),
        })
        {
            environ.GetProperty(key).GetString().Should().Be(value, key);
        }

        (await connection.RequestAsync("GET", "/static/a.txt")).Text.Should().Be("a file");
        (await connection.RequestAsync("GET", "/shop/hello")).Text.Should().Be("Hello, world!");
        var bare = await connection.RequestAsync("GET", "/bare");
        (bare.Status, bare.Text.Contains("include uwsgi_params", StringComparison.Ordinal)).Should().Be((400, true));
        await server.WaitForLineAsync(new Regex("WARNING: The server in front names an application"));
        await server.WaitForLineAsync(new Regex(@"\] 203\.0\.113\.9 \(ann\) .* GET /environ\?a=b%20c"));
    }

    [Theory]
    [Scenario("uploads-through-uwsgi-pass")]
    [InlineData("on")]
    [InlineData("off")]
    public async Task Uploads_pass_with_buffering_and_without(string buffering)
    {
        var (_, nginx) = await StartBehindAsync($"uwsgi_request_buffering {buffering}; uwsgi_buffering {buffering};");
        await using var front = nginx;
        byte[] body = new byte[8_000_000];
        new Random(1).NextBytes(body);
        await using var connection = await RawHttp.ConnectAsync(nginx.EndPoint);

        (await connection.RequestAsync("POST", "/echo", body)).Body.Should().Equal(body);
        (await connection.RequestAsync("POST", "/echo", [])).Body.Should().BeEmpty();
        await connection.SendAsync("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int at = 0; at < 500_000; at += 50_000)
        {
            await connection.SendAsync("C350\r\n");
            await connection.SendAsync(body.AsMemory(at, 50_000));
            await connection.SendAsync("\r\n");
        }

        await connection.SendAsync("0\r\n\r\n");
        (await connection.ReceiveAsync()).Body.Should().Equal(body[..500_000]);
        (await connection.RequestAsync("GET", "/big?bytes=6000000")).Body.Length.Should().Be(6_000_000);
        (await connection.RequestAsync("GET", "/stream?n=3&ms=20")).Text.Should().Be("piece 0\npiece 1\npiece 2\n");
    }

    [Fact]
    [Scenario("behind-uwsgi-pass-nothing-is-lost-in-a-reload")]
    public async Task Nothing_is_lost_in_a_reload_nor_with_a_new_gateway()
    {
        Site.Write("VERSION", "1");
        var (server, nginx) = await StartBehindAsync("uwsgi_next_upstream error timeout;", "processes = 2", "disable-logging = true");
        await using var front = nginx;

        await Load.AssertReloadsLoseNothingAsync(server, nginx.EndPoint);
    }

    [Fact]
    [Scenario("client-leaves-behind-uwsgi-pass")]
    public async Task A_client_that_leaves_nginx_ends_the_answer()
    {
        var (server, nginx) = await StartBehindAsync("uwsgi_buffering off;");
        await using var front = nginx;
        await using (var client = await RawHttp.ConnectAsync(nginx.EndPoint))
        {
            await client.SendAsync("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
            await client.WaitForBytesAsync();
        }

        await Poll.Until(() => File.Exists(Site.PathOf("closed")), "close() of the answer is called");
        (await RawHttp.GetAsync(nginx.EndPoint, "/hello")).Status.Should().Be(200);
        server.Log.Text.Should().NotContain("defect");
    }

    [Fact]
    [Scenario("environ-behind-uwsgi-pass-is-uwsgis")]
    public async Task The_environ_is_that_of_uWSGI_behind_the_same_nginx()
    {
        Site.CopyApp("oracle.py");
        int theirs = Ports.Next();
        int ours = Ports.Next();
        Site.Ini(Site.Http, $"socket = 127.0.0.1:{ours}", $"chdir = {Site.Directory}", "module = oracle");
        await using var uwsgi = await UwsgiProcess.StartAsync(Site.Directory, "oracle", theirs, "--socket");
        await StartAsync("site.ini");
        await using var nginx = await NginxProcess.StartAsync(Site, $$"""
            set $backend 127.0.0.1:{{ours}}; if ($http_x_oracle) { set $backend 127.0.0.1:{{theirs}}; }
            location / { include /etc/nginx/uwsgi_params; uwsgi_pass $backend; }
            location /mounted { include /etc/nginx/uwsgi_params; uwsgi_param SCRIPT_NAME /mounted; uwsgi_modifier1 30; uwsgi_pass $backend; }
            location /tricks {
              include /etc/nginx/uwsgi_params; uwsgi_param UWSGI_SCHEME https; uwsgi_param HTTP_X_A front; uwsgi_param REMOTE_USER ann; uwsgi_param EMPTY "";
              uwsgi_param HTTP_PROXY evil; uwsgi_param SCRIPT_NAME /tricks; uwsgi_pass $backend;
            }
            """);
        var found = new List<string>();
        foreach (var (name, request) in Requests)
        {
            var before = await AskAsync(nginx.EndPoint, request.Replace("\r\n\r\n", "\r\nX-Oracle: 1\r\n\r\n", StringComparison.Ordinal));
            var after = await AskAsync(nginx.EndPoint, request);
            foreach (string key in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal).Where(key => key is not ("HTTP_X_ORACLE" or "REMOTE_PORT")))
            {
                string row = $"`{key}` | `{Show(before.GetValueOrDefault(key, "absent"))}` | `{Show(after.GetValueOrDefault(key, "absent"))}` |";
                if (before.GetValueOrDefault(key) != after.GetValueOrDefault(key) && !found.Contains($"| `every` | {row}"))
                    found.Add($"| `{(name == "plain" ? "every" : name)}` | {row}");
            }
        }

        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "uwsgi-protocol.md"));
        string[] explained = [.. Row().Matches(page).Select(match => match.Groups[1].Value)];
        explained.Should().BeEquivalentTo(found, "the table must be\n{0}\n", string.Join('\n', found));
    }

    private static (string Name, string Request)[] Requests { get; } =
    [
        ("plain", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("query", "GET /p?a=1&b=%20x HTTP/1.1\r\nHost: a:81\r\n\r\n"),
        ("encoded", "GET /%C3%A4/%20/%2B+%FF?%zz HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("newline", "GET /a%0Ab HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("slashes-and-dots", "GET //a//b/../c HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("http-1-0", "GET /x HTTP/1.0\r\n\r\n"),
        ("post", "POST /x HTTP/1.1\r\nHost: a\r\nContent-Type: text/x\r\nContent-Length: 3\r\n\r\nabc"),
        ("chunked", "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
        ("put-of-nothing", "PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"),
        ("own-method", "PURGE /x HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("fields", "GET /x HTTP/1.1\r\nHost: a\r\nCookie: a=1; b=2\r\nAccept: */*\r\nUser-Agent: t/1 (a)\r\nReferer: http://a/b\r\nX-Empty:\r\n\r\n"),
        ("authorization", "GET /x HTTP/1.1\r\nHost: a\r\nAuthorization: Basic dTpw\r\n\r\n"),
        ("latin-1", "GET /x HTTP/1.1\r\nHost: a\r\nX-A: \u00e4\u00ff\r\n\r\n"),
        ("repeated", "GET /x HTTP/1.1\r\nHost: a\r\nX-A: 1\r\nX-A: 2\r\n\r\n"),
        ("underscore", "GET /x HTTP/1.1\r\nHost: a\r\nX_A: 1\r\n\r\n"),
        ("proxy-field", "GET /x HTTP/1.1\r\nHost: a\r\nProxy: x\r\n\r\n"),
        ("forwarded", "GET /x HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\n\r\n"),
        ("tricks", "GET /tricks/x HTTP/1.1\r\nHost: a\r\nX-A: client\r\n\r\n"),
        ("modifier-30", "GET /mounted/x HTTP/1.1\r\nHost: a\r\n\r\n"),
    ];

    private static async Task<Dictionary<string, string>> AskAsync(EndPoint endpoint, string request)
    {
        await using var connection = await RawHttp.ConnectAsync(endpoint);
        await connection.SendAsync(request);
        var reply = await connection.ReceiveAsync();
        reply.Status.Should().Be(200, request);
        return reply.Json().EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetRawText());
    }

    private static string Show(string value)
    {
        var text = new StringBuilder();
        foreach (char c in value.Length > LongestValue ? value[..LongestValue] + "…" : value)
            text.Append(c is '|' or '`' || char.IsControl(c) ? '.' : c);
        return text.ToString();
    }

    private async Task<(OneServeProcess Server, NginxProcess Nginx)> StartBehindAsync(string directives, params string[] lines)
    {
        Site.ProbeIni(["socket = site.sock", .. lines]);
        var server = await StartAsync("site.ini");
        string locations = $"client_max_body_size 0; location / {{ include /etc/nginx/uwsgi_params; uwsgi_pass site; {directives} }}";
        var nginx = await NginxProcess.StartAsync(Site, locations, $"server unix:{Site.PathOf("site.sock")};");
        return (server, nginx);
    }

    [GeneratedRegex(@"^(\| `[a-z0-9-]+` \| `[^|]*` \| `[^|]*` \| `[^|]*` \|) \S.* \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
