using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

public sealed class LoggerScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private const string SyslogDate = @"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d";

    [Fact]
    [Scenario("log-goes-to-syslog")]
    public async Task The_log_goes_to_syslog_which_may_vanish_and_come_back()
    {
        string socket = Site.PathOf("log.sock");
        Site.ProbeIni($"logger = syslog:mysite,local3,{socket}");
        var first = DatagramListener.AtPath(socket);
        var server = await StartAsync("site.ini");
        await server.GetAsync("/hello?first");
        await first.WaitForAsync(line => line.Contains("?first", StringComparison.Ordinal), "syslog has the access line");
        first.Datagrams.Should().OnlyContain(line => Regex.IsMatch(line, $@"^<158>{SyslogDate} mysite: [^\n]*\z"), "RFC 3164, local3.info, a line each");
        await server.GetAsync("/errors");
        await first.WaitForAsync(line => line.EndsWith("mysite: a line for stderr", StringComparison.Ordinal), "syslog has what Python writes");

        await first.DisposeAsync();
        File.Delete(socket);
        for (int i = 0; i < 20; i++)
        {
            (await server.GetAsync("/errors")).Status.Should().Be(200, "nobody waits for syslog");
        }

        await server.WaitForLineAsync(Messages.Word(socket));
        await using var second = DatagramListener.AtPath(socket);
        await Poll.Until(
            async () => (await server.GetAsync("/hello?second")).Status == 200
                && second.Datagrams.Any(line => line.Contains("?second", StringComparison.Ordinal)),
            "syslog is found again");
        second.Datagrams.Should().Contain(line => Regex.IsMatch(line, @"\d+ lines of the log were lost"));
        server.Log.Lines.Should().ContainSingle(line => line.Contains("cannot be written is lost", StringComparison.Ordinal));
    }

    [Fact]
    [Scenario("log-goes-out-by-udp")]
    public async Task The_log_goes_out_by_UDP()
    {
        await using var plain = DatagramListener.AtUdp();
        await using var syslog = DatagramListener.AtUdp();
        await using var prefixed = DatagramListener.AtUdp();
        Site.ProbeIni(
            $"logto = 127.0.0.1:{plain.Port}",
            "logger = stdio",
            $"logger = rsyslog:127.0.0.1:{syslog.Port},mysite",
            $"logger = socket:127.0.0.1:{prefixed.Port},mine>");
        var server = await StartAsync("site.ini");

        await server.GetAsync("/hello?sent");

        await plain.WaitForAsync(line => line.StartsWith("[pid: ", StringComparison.Ordinal) && line.EndsWith('\n'), "the line as it is");
        await prefixed.WaitForAsync(line => line.StartsWith("mine>[pid: ", StringComparison.Ordinal), "the line with its prefix");
        await syslog.WaitForAsync(line => Regex.IsMatch(line, $@"^<29>{SyslogDate} mysite: \[pid: [^\n]*\z"), "a line of syslog");
    }

    [Fact]
    [Scenario("loggers-and-routes-divide-the-log")]
    public async Task Loggers_and_routes_divide_the_log()
    {
        Site.ProbeIni(
            "logger = file:messages.log",
            "logger = errors file:errors.log",
            "log-route = errors a line for (stderr|wsgi)",
            "req-logger = file:requests.log",
            "req-logger = failed file:logfile=failed.log,maxsize=1000000",
            @"log-req-route = failed \(HTTP/1\.1 [45]\d\d\)");
        var server = await StartAsync("site.ini");
        await server.GetAsync("/errors");
        await server.GetAsync("/hello?fine");
        await server.GetAsync("/nothing-here");
        await server.StopAsync();

        Read("messages.log").Should().Contain("a line for stdout").And.MatchRegex(Messages.Ready).And.NotContain("a line for stderr").And.NotContain("[pid: ");
        Read("errors.log").Should().Contain("a line for stderr").And.Contain("a line for wsgi.errors").And.NotContain("stdout");
        Read("requests.log").Should().Contain("/hello?fine").And.NotContain("/nothing-here");
        Read("failed.log").Should().Contain("/nothing-here").And.NotContain("/hello?fine");
        server.Log.Text.Should().BeEmpty();
    }

    [Fact]
    [Scenario("log-encoders-change-lines")]
    public async Task Encoders_make_JSON_and_other_forms_of_lines()
    {
        Site.ProbeIni(
            "logger = file:messages.log",
            "logger = marked file:marked.log",
            "log-route = marked a line for stdout",
            "log-encoder = json {\"time\":${unix},\"day\":\"${strftime:%%Y-%%m-%%d}\",\"message\":\"${msg}\"}",
            "log-encoder = prefix:marked >>",
            "log-encoder = suffix:marked <<",
            "req-logger = file:requests.log",
            "log-req-encoder = format ${msg} at ${millis}",
            "log-req-encoder = nl");
        string[] days = [Today(), ""];
        var server = await StartAsync("site.ini");
        await server.GetAsync("/errors");
        await server.GetAsync("/hello?\"quoted\\");
        await server.StopAsync();
        days[1] = Today();

        var messages = Read("messages.log").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        messages.Select(line => line.GetProperty("message").GetString()).Should().Contain("a line for stderr");
        messages.Should().OnlyContain(line => line.GetProperty("time").GetInt64() > 1_700_000_000
            && days.Contains(line.GetProperty("day").GetString()));
        Read("marked.log").Should().MatchRegex(@"^>>\{""time"":\d+,""day"":""[\d-]+"",""message"":""a line for stdout""\}<<\n$");
        Read("requests.log").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should().OnlyContain(line => Regex.IsMatch(line, @"^\[pid: .* core 0\) at \d{13}$"));
    }

    [Fact]
    [Scenario("message-date-as-asked")]
    public async Task The_servers_own_messages_have_the_date_that_was_asked_for()
    {
        Site.ProbeIni("log-date = %%d.%%m.%%Y");
        var server = await StartAsync("site.ini");
        await server.StopAsync();
        server.Log.Lines.Should().Contain(line => Regex.IsMatch(line, @"^\d\d\.\d\d\.\d{4} - Stopping"));
    }

    [Fact]
    [Scenario("message-prefix-as-asked")]
    public async Task The_servers_own_messages_have_the_prefix_that_was_asked_for()
    {
        Site.ProbeIni("log-prefix = mysite");
        var server = await StartAsync("site.ini");
        await server.StopAsync();
        server.Log.Lines.Should().Contain(line => line.StartsWith("mysite - Stopping", StringComparison.Ordinal));
    }

    private static string Today() => DateTime.Now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private string Read(string file) => File.ReadAllText(Site.PathOf(file));
}
