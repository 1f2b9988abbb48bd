using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

public sealed class AccessLogScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Fact]
    [Scenario("log-format-tells-everything")]
    public async Task A_log_format_tells_everything_that_uWSGIs_variables_tell()
    {
        Site.ProbeIni(
            "req-logger = file:requests.log",
            "threads = 2",
            "logformat-strftime = true",
            "log-date = %%Y-%%m-%%d",
            "log-format = {\"uri\":\"%(uri)\",\"method\":\"%(method)\",\"user\":\"%(user)\",\"addr\":\"%(addr)\",\"host\":\"%(host)\",\"proto\":\"%(proto)\","
                + "\"uagent\":\"%(uagent)\",\"referer\":\"%(referer)\",\"status\":%(status),\"rsize\":%(rsize),\"hsize\":%(hsize),\"size\":%(size),"
                + "\"cl\":%(cl),\"micros\":%(micros),\"msecs\":%(msecs),\"secs\":%(secs),\"tmsecs\":%(tmsecs),\"tmicros\":%(tmicros),\"time\":%(time),"
                + "\"ltime\":\"%(ltime)\",\"ftime\":\"%(ftime)\",\"ctime\":\"%(ctime)\",\"epoch\":%(epoch),"
                + "\"pid\":%(pid),\"wid\":%(wid),\"switches\":%(switches),\"vars\":%(vars),"
                + "\"core\":%(core),\"vsz\":%(vsz),\"rss\":%(rss),\"vszM\":%(vszM),\"rssM\":%(rssM),\"pktsize\":%(pktsize),\"modifier1\":%(modifier1),"
                + "\"modifier2\":%(modifier2),\"headers\":%(headers),\"werr\":%(werr),\"rerr\":%(rerr),\"ioerr\":%(ioerr),\"probe\":\"%(var.HTTP_X_PROBE)\","
                + "\"query\":\"%(var.QUERY_STRING)\",\"port\":\"%(var.SERVER_PORT)\",\"none\":\"%(var.NOTHING)\",\"metric\":%(metric.x),\"own\":\"%(own)\"}");
        var server = await StartAsync("site.ini");
        long before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        await server.GetAsync("/hello?a=1", "User-Agent: a \"quoted\\ agent", "X-Probe: seen");

        var line = (await LineAsync("/hello?a=1")).RootElement;

        string Text(string name) => line.GetProperty(name).GetString()!;
        long Number(string name) => line.GetProperty(name).GetInt64();
        (Text("method"), Text("user"), Text("addr"), Text("proto"), Text("referer")).Should().Be(("GET", "-", "127.0.0.1", "HTTP/1.1", "-"));
        Text("uagent").Should().Be("a \"quoted\\ agent");
        Text("host").Should().NotBe("-");
        (Number("status"), Number("rsize"), Number("cl"), Number("wid"), Number("switches")).Should().Be((200, 13, 0, 1, 1));
        Number("size").Should().Be(Number("rsize") + Number("hsize"));
        Number("hsize").Should().BePositive();
        Number("headers").Should().BePositive();
        (Number("micros") / 1000).Should().Be(Number("msecs"));
        line.GetProperty("secs").GetDouble().Should().BeApproximately(Number("micros") / 1e6, 1e-5);
        Number("time").Should().BeInRange(before - 1, before + 20);
        (Number("tmsecs") / 1000).Should().Be(Number("time"));
        (Number("tmicros") / 1000).Should().Be(Number("tmsecs"));
        Number("epoch").Should().BeGreaterThanOrEqualTo(Number("time"));
        var start = DateTimeOffset.FromUnixTimeSeconds(Number("time")).ToLocalTime();
        Text("ltime").Should().Be(start.ToString("dd/MMM/yyyy:HH:mm:ss zzz", CultureInfo.InvariantCulture).Remove(24, 1));
        Text("ftime").Should().Be(start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Text("ctime").Should().MatchRegex(@"^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$");
        Number("pid").Should().Be(server.Workers.Single().Pid);
        Number("core").Should().BeInRange(0, 1);
        Number("vars").Should().BeGreaterThan(10);
        Number("pktsize").Should().BeGreaterThan(100);
        Number("rss").Should().BeGreaterThan(1 << 20);
        Number("vsz").Should().BeGreaterThan(Number("rss"));
        (Number("vszM"), Number("rssM")).Should().Be((Number("vsz") >> 20, Number("rss") >> 20));
        (Number("modifier1"), Number("modifier2"), Number("werr"), Number("rerr"), Number("ioerr"), Number("metric")).Should().Be((0, 0, 0, 0, 0, 0));
        (Text("probe"), Text("query"), Text("none"), Text("own")).Should().Be(("seen", "a=1", "-", "-"));
        Text("port").Should().Be(Site.Port.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    [Scenario("log-format-of-what-python-never-saw")]
    public async Task A_log_format_works_for_files_and_for_heads_that_are_refused()
    {
        Site.Write("static/a.txt", "static file");
        Site.ProbeIni(
            "static-map = /static=static",
            "log-format = %(method) %(uri) %(status) %(rsize) %(wid) %(vars) \"%(host)\" \"%(uagent)\" %(var.HTTP_X) end");
        var server = await StartAsync("site.ini");

        await server.GetAsync("/static/a.txt", "X: y");
        await using (var connection = await server.ConnectAsync())
        {
            await connection.SendAsync("GET /two words HTTP/1.1\r\n\r\n");
            (await connection.ReceiveAsync()).Status.Should().Be(400);
        }

        (await server.WaitForLineAsync(new Regex("^GET /static/a.txt "))).Should().MatchRegex("""^GET /static/a\.txt 200 11 0 0 "[^"]+" "-" y end$""");
        await server.WaitForLineAsync(new Regex("""^\S+ \S+ 400 0 0 0 "-" "-" - end$"""));
    }

    [Fact]
    [Scenario("unknown-log-variable-is-a-warning")]
    public async Task A_misspelt_variable_of_a_log_format_is_a_warning()
    {
        Site.ProbeIni("log-format = %(uri) %(stauts) %(tenant)");
        var server = await StartAsync("site.ini");

        (await server.WaitForLineAsync(new Regex(@"%\(stauts\)"))).Should().Contain("WARNING").And.Contain("site.ini:7").And.Contain("did you mean %(status)?");
        (await server.WaitForLineAsync(new Regex(@"%\(tenant\)"))).Should().Contain("set_logvar");
        await server.GetAsync("/hello");
        await server.WaitForLineAsync(new Regex("^/hello - -$"));
    }

    [Theory]
    [Scenario("disable-logging-but-for")]
    [InlineData("log-4xx = true", "/nothing-here")]
    [InlineData("log-5xx = true", "/raise")]
    [InlineData("log-slow = 3000", "/sleep?ms=3200")]
    [InlineData("log-big = 50000", "/big?bytes=100000")]
    [InlineData("log-zero = true", "/status")]
    [InlineData("log-sendfile = true", "/static/large.bin")]
    public async Task Of_all_requests_only_those_that_were_asked_for_have_a_line(string option, string target)
    {
        // What is not slow may take its time on a busy machine.
        string slow = target.StartsWith("/sleep", StringComparison.Ordinal) ? target : "/sleep?ms=400";
        string[] targets = ["/hello", "/nothing-here", "/raise", slow, "/big?bytes=100000", "/status", "/static/large.bin"];
        Site.Write("static/large.bin", new byte[300_000]);
        Site.ProbeIni("static-map = /static=static", "disable-logging = true", "req-logger = file:requests.log", option);
        var server = await StartAsync("site.ini");
        foreach (string each in targets)
        {
            await server.GetAsync(each);
        }

        await server.StopAsync();

        var expected = option.StartsWith("log-big", StringComparison.Ordinal) ? [target, "/static/large.bin"] : new[] { target };
        File.ReadAllLines(Site.PathOf("requests.log")).Select(line => Messages.AccessLine.Match(line).Groups["uri"].Value).Should().Equal(expected);
    }

    [Fact]
    [Scenario("log-ioerror-tells-clients-that-left")]
    public async Task Log_ioerror_tells_of_clients_that_left_before_their_answer()
    {
        Site.ProbeIni("processes = 2", "disable-logging = true", "log-ioerror = true", "log-format = %(uri) %(status) %(werr) %(rerr) %(ioerr)");
        var server = await StartAsync("site.ini");
        await using (var connection = await server.ConnectAsync())
        {
            await connection.SendAsync("GET /gate?note=working HTTP/1.1\r\nHost: x\r\n\r\n");
            await Poll.Until(() => File.Exists(Site.PathOf("working")), "the application works on the request");
            (await server.GetAsync("/hello?too")).Status.Should().Be(200);
            connection.Reset();
        }

        await server.WaitForLineAsync(new Regex(@"^/gate\?note=working 499 1 0 1$"));
        Site.OpenGate();
        server.Log.Lines.Should().NotContain(line => line.StartsWith("/hello", StringComparison.Ordinal));
    }

    [Fact]
    [Scenario("default-line-with-memory-and-microseconds")]
    public async Task The_default_line_tells_memory_and_microseconds_when_asked()
    {
        Site.ProbeIni("memory-report = true", "log-micros = true");
        var server = await StartAsync("site.ini");
        await server.GetAsync("/hello?measured");

        var line = await server.WaitForLineAsync(new Regex(@"\?measured"));
        var match = Regex.Match(
            line, @"^\{address space usage: (\d+) bytes/(\d+)MB\} \{rss usage: (\d+) bytes/(\d+)MB\} \[pid: .* bytes in (\d+) micros \(HTTP");
        match.Success.Should().BeTrue(line);
        (long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) >> 20).Should().Be(long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        long.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture).Should().BeGreaterThan(1 << 20);
    }

    private async Task<JsonDocument> LineAsync(string uri)
    {
        string? found = null;
        await Poll.Until(
            () => (found = File.ReadAllLines(Site.PathOf("requests.log")).FirstOrDefault(line => line.Contains(uri, StringComparison.Ordinal))) is not null,
            $"the log has {uri}");
        return JsonDocument.Parse(found!);
    }
}
