using System.Globalization;
using System.Text;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>Routes, added headers, error pages and `http-to-https`, through the whole server.</summary>
public sealed class RoutingScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Fact]
    [Scenario("routes-answer-before-files-and-application")]
    public async Task Routes_come_before_files_and_application()
    {
        Site.Write("static/a.txt", "a file");
        Site.Write("static/b.txt", "another");
        var server = await StartAsync("static-map = /static=static", "route = ^/static/a return:403", @"route = ^/h\x65llo$ break:410", "route = ^/hello break:500");

        var text = await server.GetAsync("/static/a.txt");
        (text.Status, text.Text, text["Content-Type"]).Should().Be((403, "Forbidden", "text/plain"));
        (await server.GetAsync("/static/b.txt")).Text.Should().Be("another");
        var bare = await server.GetAsync("/%68ello");
        (bare.Status, bare.Text).Should().Be((410, ""), "the path is matched decoded");
        (await server.GetAsync("/static//a.txt")).Status.Should().Be(403, "a file has one name");
        (await server.GetAsync("/version")).Status.Should().Be(200);
        await using var connection = await server.ConnectAsync();
        (await connection.RequestAsync("HEAD", "/static/a.txt")).Body.Should().BeEmpty();
        (await connection.RequestAsync("GET", "/static/a.txt")).Text.Should().Be("Forbidden", "the connection goes on");
        (await connection.RequestAsync("POST", "/static/a.txt", "nobody reads this"u8.ToArray()))["Connection"].Should().Be("close");
    }

    [Fact]
    [Scenario("route-last-and-break")]
    public async Task Last_ends_the_routes_and_break_the_connection()
    {
        var server = await StartAsync("route = ^/hello last:", "route = ^/gone break:", "route = ^/ return:404");

        (await server.GetAsync("/hello")).Text.Should().Be("Hello, world!");
        await using var connection = await server.ConnectAsync();
        await connection.SendAsync("GET /gone HTTP/1.1\r\nHost: a\r\n\r\n");
        (await connection.ReceiveToEndAsync()).Received.Should().BeEmpty();
        await server.WaitForLineAsync(new("GET /gone .* 444"));
    }

    [Fact]
    [Scenario("route-redirects-and-nothing-is-smuggled")]
    public async Task A_redirect_has_the_groups_encoded()
    {
        var server = await StartAsync("route = ^/old(/.*)$ redirect:$1?from=${REMOTE_ADDR}", "route = (?s)^/o/(.*)$ redirect-permanent:https://other/$1");

        var found = await server.GetAsync("/old//example.org/a%20b");
        (found.Status, found["Location"]).Should().Be((302, "/example.org/a%20b?from=127.0.0.1"));
        var moved = await server.GetAsync("/o/a%0d%0aSet-Cookie:%20x=1");
        (moved.Status, moved["Location"], moved["Set-Cookie"]).Should().Be((301, "https://other/a%0D%0ASet-Cookie:%20x=1", null));
    }

    [Fact]
    [Scenario("route-headers-on-every-answer")]
    public async Task Headers_are_added_to_answers_of_every_kind()
    {
        Site.Write("static/a.txt", "a file");
        var server = await StartAsync(
            "static-map = /static=static", "add-header = X-Frame-Options: DENY", "route = ^/static/ addheader:Cache-Control: max-age=5",
            "route = ^/teapot return:418", "route = (?s)^/say/(.*)$ addheader:X-Said: $1", "route = ^/hello delheader:Content-Type");

        var file = await server.GetAsync("/static/a.txt");
        (file["X-Frame-Options"], string.Join('|', file.All("Cache-Control"))).Should().Be(("DENY", "max-age=5"), "the server's own goes");
        var hello = await server.GetAsync("/hello");
        (hello["X-Frame-Options"], hello["Content-Type"], hello.Text).Should().Be(("DENY", null, "Hello, world!"));
        (await server.GetAsync("/teapot"))["X-Frame-Options"].Should().Be("DENY");
        var said = await server.GetAsync("/say/a%0d%0aX-Other:%20b");
        (said["X-Said"], said["X-Other"]).Should().Be(("a??X-Other: b", null));
    }

    [Fact]
    [Scenario("route-donotlog")]
    public async Task What_is_not_to_be_logged_is_not()
    {
        var server = await StartAsync("route = ^/hello donotlog:", "route-user-agent = ^Probe/ donotlog:");

        (await server.GetAsync("/hello")).Status.Should().Be(200);
        (await server.GetAsync("/version?probe", "User-Agent: Probe/1")).Status.Should().Be(200);
        (await server.GetAsync("/version?logged")).Status.Should().Be(200);
        await server.WaitForLineAsync(new(@"GET /version\?logged"));
        server.Log.Text.Should().NotContain("GET /hello").And.NotContain("?probe");
    }

    [Fact]
    [Scenario("route-basicauth")]
    public async Task Passwords_are_asked_for_and_the_user_is_told_to_application_and_log()
    {
        Site.Write("staff", "ann:$apr1$p24QsJ8v$BBdVCbrj7xyGa5bVu/b.71\nbob:{SHA}xjbo4jj9evl+LlAPjG8PTAvtr7A=\n");
        var server = await StartAsync("route = ^/environ basicauth:Staff only,staff", "route = ^/environ basicauth:Staff only,eve:üx");

        var asked = await server.GetAsync("/environ");
        (asked.Status, asked["WWW-Authenticate"]).Should().Be((401, "Basic realm=\"Staff only\", charset=\"UTF-8\""));
        (await server.GetAsync("/environ", Basic("ann:secret2"))).Status.Should().Be(401);
        (await server.GetAsync("/environ", "Authorization: Basic ???")).Status.Should().Be(401);
        foreach (string pair in (string[])["ann:secret1", "bob:secret2", "eve:üx", "ann:secret1"])
        {
            var reply = await server.GetAsync("/environ", Basic(pair));
            reply.Status.Should().Be(200, pair);
            reply.Json().GetProperty("REMOTE_USER").GetString().Should().Be(pair[..3]);
        }

        (await server.GetAsync("/hello")).Status.Should().Be(200);
        await server.WaitForLineAsync(new(@"\(ann\) .* GET /environ .* 200\)"));
    }

    [Fact]
    [Scenario("route-static")]
    public async Task A_route_sends_files_of_its_directory_alone()
    {
        Site.Write("pages/.maintenance.html", "back soon");
        Site.Write("files/a.txt", "a file");
        Site.Write("secret", "the secret");
        File.CreateSymbolicLink(Site.PathOf("files/link"), Site.PathOf("secret"));
        var server = await StartAsync(
            "route = ^/closed static:pages/.maintenance.html", "route-qs = ^name=(.*)$ static:files/$1", "route = ^/dl/(.*)$ static:files/$1");

        (await server.GetAsync("/closed/x")).Text.Should().Be("back soon");
        var file = await server.GetAsync("/dl/a.txt", "Range: bytes=0-0");
        (file.Status, file.Text).Should().Be((206, "a"));
        (await server.GetAsync("/?name=a.txt")).Text.Should().Be("a file");
        foreach (string target in (string[])["/?name=../secret", "/?name=/../secret", "/dl/none", "/dl/link", "/dl/"])
        {
            (await server.GetAsync(target)).Status.Should().Be(404, target);
        }

        var posted = await server.PostAsync("/dl/a.txt", "x"u8.ToArray());
        (posted.Status, posted["Allow"]).Should().Be((405, "GET, HEAD"));
    }

    [Fact]
    [Scenario("route-ratelimit")]
    public async Task Who_asks_too_often_is_told_when_to_come_again()
    {
        var server = await StartAsync("route = ^/hello ratelimit:1/m,burst=3");
        await using var connection = await server.ConnectAsync();

        for (int request = 0; request < 3; request++)
        {
            (await connection.RequestAsync("GET", "/hello")).Status.Should().Be(200);
        }

        var refused = await connection.RequestAsync("GET", "/hello");
        refused.Status.Should().Be(429);
        int.Parse(refused["Retry-After"]!, CultureInfo.InvariantCulture).Should().BeInRange(30, 60);
        (await connection.RequestAsync("GET", "/version")).Status.Should().Be(200);
    }

    [Fact]
    [Scenario("error-pages")]
    public async Task The_servers_own_errors_have_pages()
    {
        Site.Write("403.html", "<h1>no</h1>");
        Site.Write("404.html", "<h1>nothing</h1>");
        Site.Write("500.html", "<h1>sorry</h1>");
        var server = await StartAsync("error-page-403 = 403.html", "error-page-404 = 404.html", "error-page-500 = 500.html", "static-404 = /static", "route = ^/closed return:403");

        var own = await server.GetAsync("/closed");
        (own.Status, own.Text, own["Content-Type"]).Should().Be((403, "<h1>no</h1>", "text/html; charset=utf-8"));
        (await server.GetAsync("/static/none")).Text.Should().Be("<h1>nothing</h1>");
        var failed = await server.GetAsync("/raise");
        (failed.Status, failed.Text, failed["Content-Type"]).Should().Be((500, "<h1>sorry</h1>", "text/html; charset=utf-8"));
        (await server.GetAsync("/nowhere")).Text.Should().Be("no probe at /nowhere", "the application's answers are its own");

        Site.Write("404.html", "<h1>changed</h1>");
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.Reloaded);
        (await server.GetAsync("/static/none")).Text.Should().Be("<h1>changed</h1>");
    }

    [Fact]
    [Scenario("http-to-https-redirects")]
    public async Task A_listener_redirects_everything_to_https()
    {
        int port = Ports.Next();
        Site.Write("static/a.txt", "a file");
        var server = await StartAsync(string.Create(CultureInfo.InvariantCulture, $"http-to-https = 127.0.0.1:{port}"), "static-map = /static=static");

        await using (var connection = await RawHttp.ConnectAsync(TestSite.At(port)))
        {
            var file = await connection.RequestAsync("GET", "/static/a.txt?x=%20", null, "Host: example.org:8080");
            (file.Status, file["Location"]).Should().Be((301, "https://example.org/static/a.txt?x=%20"));
            (await connection.RequestAsync("GET", "/", null, "Host: [::1]:80"))["Location"].Should().Be("https://[::1]/");
            (await connection.RequestAsync("GET", "/", null, "Host:")).Status.Should().Be(400, "where to is not known");
        }

        (await server.GetAsync("/static/a.txt")).Text.Should().Be("a file");
        await server.WaitForLineAsync(Messages.Word("(redirects to https)"));
        Site.ProbeIni("static-map = /static=static");
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.Reloaded);
        await Poll.Until(() => Ports.IsFree(port), "a reload takes the listener away");
    }

    [Fact]
    [Scenario("routes-change-at-a-reload")]
    public async Task Routes_are_those_of_the_configuration_in_force()
    {
        var server = await StartAsync("route = ^/hello return:403");
        (await server.GetAsync("/hello")).Status.Should().Be(403);

        Site.ProbeIni("route = ^/hello forward:there");
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.ReloadFailed);
        (await server.GetAsync("/hello")).Status.Should().Be(403);

        Site.ProbeIni();
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.Reloaded);
        (await server.GetAsync("/hello")).Status.Should().Be(200);
    }

    [Theory]
    [Scenario("wrong-route-is-a-mistake")]
    [InlineData("route = ^/(?!public) return:403", "looks ahead or behind")]
    [InlineData("route = ( return:403", "a ) is missing")]
    [InlineData("route = ^/ forward:there", "there are return, break")]
    [InlineData("route = ^/ basicauth:Staff,nowhere", "nowhere does not exist")]
    [InlineData("route = ^/ basicauth:Staff,bcrypt", "bcrypt:1: the password of ann is a bcrypt hash")]
    [InlineData("error-page-404 = nowhere.html", "nowhere.html does not exist")]
    public async Task A_wrong_route_is_a_mistake(string line, string cause)
    {
        Site.Write("bcrypt", "ann:$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC\n");
        Site.Ini(Site.Http, $"chdir = {Site.Directory}", "module = probe", line);

        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 5), Messages.Word(cause));
    }

    private static string Basic(string pair) => $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))}";

    private new async Task<OneServeProcess> StartAsync(params string[] lines)
    {
        Site.ProbeIni(lines);
        return await base.StartAsync("site.ini");
    }
}
