using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

public sealed class LoggingScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Fact]
    [Scenario("banner-tells-what-runs")]
    public async Task The_banner_tells_what_runs_where()
    {
        Site.CopyApp("djangosite", "myproj");
        Site.Ini(
            Site.Http, $"chdir = {Site.PathOf("myproj")}", "module = myproj.wsgi", "processes = 3", $"static-map = /static={Site.PathOf("myproj/static")}");
        var server = Launch("site.ini");
        await server.WaitListeningAsync();

        await Poll.Until(() => server.Workers.Count == 3, "three workers");
        await server.WaitForLineAsync(new Regex(@"Django \d", RegexOptions.IgnoreCase));
        await server.WaitForLineAsync(new Regex("^  workers "));

        server.Log.Text.Should().Contain($"127.0.0.1:{Site.Port}").And.Contain(Site.PathOf("myproj/static")).And.Contain("myproj.wsgi")
            .And.MatchRegex(@"python\s+3\.\d+").And.Contain("/usr/bin/python3").And.MatchRegex(@"(?i)\b3 (workers|processes)|(workers|processes)\D{0,5}3\b");
    }

    [Fact]
    [Scenario("missing-static-directory-is-a-warning")]
    public async Task A_missing_static_directory_is_a_warning_and_the_start_goes_on()
    {
        Site.ProbeIni($"static-map = /static={Site.PathOf("not-there")}");

        var server = await StartAsync("site.ini");

        await Poll.Until(
            () => server.Log.Lines.Any(line => line.Contains("not-there", StringComparison.Ordinal) && Messages.Warning.IsMatch(line)), "the warning is told");
        (await server.GetAsync("/static/a.css")).Status.Should().Be(404, "the application answers");
    }

    [Fact]
    [Scenario("access-line-has-uwsgis-form")]
    public async Task The_access_line_has_uwsgis_default_form()
    {
        Site.Write("static/a.txt", "static file");
        Site.ProbeIni("static-map = /static=static");
        var server = await StartAsync("site.ini");

        await server.GetAsync("/hello?x=1");
        await server.GetAsync("/nothing%20here");
        await server.GetAsync("/static/a.txt");

        var dynamic = await AccessLineAsync(server, "/hello?x=1");
        dynamic.Groups["address"].Value.Should().Be("127.0.0.1");
        dynamic.Groups["method"].Value.Should().Be("GET");
        dynamic.Groups["bytes"].Value.Should().Be("13");
        dynamic.Groups["protocol"].Value.Should().Be("HTTP/1.1");
        dynamic.Groups["status"].Value.Should().Be("200");
        (await AccessLineAsync(server, "/nothing%20here")).Groups["status"].Value.Should().Be("404");
        (await AccessLineAsync(server, "/static/a.txt")).Groups["bytes"].Value.Should().Be("11");
    }

    [Fact]
    [Scenario("access-log-is-switched-off")]
    public async Task Disable_logging_leaves_out_access_lines_alone()
    {
        Site.ProbeIni("disable-logging = true");
        var server = await StartAsync("site.ini");

        await server.GetAsync("/hello?unlogged");
        await server.GetAsync("/errors");
        await server.WaitForLineAsync(Messages.Word("a line for wsgi.errors"));
        await server.StopAsync();

        server.Log.Text.Should().NotContain("?unlogged");
    }

    [Fact]
    [Scenario("application-writes-to-the-log")]
    public async Task What_the_application_writes_comes_to_the_log()
    {
        Site.ProbeIni();
        var server = await StartAsync("site.ini");

        await server.GetAsync("/errors");

        await server.WaitForLineAsync(Messages.Word("a line for wsgi.errors"));
        await server.WaitForLineAsync(Messages.Word("a line for stdout"));
        await server.WaitForLineAsync(Messages.Word("a line for stderr"));
    }

    [Fact]
    [Scenario("log-line-cannot-be-forged")]
    public async Task A_request_cannot_forge_a_line_of_the_log()
    {
        Site.ProbeIni();
        var server = await StartAsync("site.ini");

        await server.GetAsync("/forged%0A[pid:%201|app");
        await server.GetAsync("/afterwards");

        await AccessLineAsync(server, "/afterwards");
        server.Log.Lines.Should().NotContain(line => line.StartsWith("[pid: 1|app", StringComparison.Ordinal));
    }

    [Fact]
    [Scenario("stalled-log-holds-no-request")]
    public async Task A_log_that_nobody_reads_holds_no_request()
    {
        const int Requests = 3000;
        Site.Write("static/a.txt", "a file");
        Site.ProbeIni("static-map = /static=static");
        var server = await StartAsync("site.ini");
        await using var connection = await server.ConnectAsync();

        // A pipe takes 64 KiB, some 350 lines.
        using (server.Log.Hold())
        {
            for (int request = 0; request < Requests; request++)
            {
                (await connection.RequestAsync("GET", request % 2 == 0 ? "/static/a.txt" : "/hello")).Status.Should().Be(200);
            }
        }

        await server.GetAsync("/afterwards");
        await AccessLineAsync(server, "/afterwards");
    }

    private static async Task<Match> AccessLineAsync(OneServeProcess server, string uri)
    {
        var line = await server.WaitForLineAsync(new Regex($@" GET {Regex.Escape(uri)} => "));
        var match = Messages.AccessLine.Match(line);
        match.Success.Should().BeTrue(line);
        return match;
    }
}
