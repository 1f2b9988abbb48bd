using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

public sealed class LogFileScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Fact]
    [Scenario("logto-takes-everything")]
    public async Task Messages_access_lines_and_what_Python_writes_go_to_the_file()
    {
        Site.ProbeIni("logto = site.log");
        var server = await StartAsync("site.ini");

        await server.GetAsync("/hello?in-the-file");
        await server.GetAsync("/errors");
        await WaitForAsync("site.log", "?in-the-file");
        await server.StopAsync();

        string log = Read("site.log");
        log.Should().MatchRegex(Messages.Ready).And.Contain("Stopping (SIGTERM)").And.Contain("Stopped")
            .And.Contain("a line for wsgi.errors").And.Contain("a line for stdout").And.Contain("a line for stderr");
        log.Split('\n').Where(line => line.Contains("?in-the-file", StringComparison.Ordinal))
            .Should().ContainSingle(line => Messages.AccessLine.IsMatch(line));
        server.Log.Text.Should().BeEmpty("nothing is left for standard error");
    }

    [Fact]
    [Scenario("log-files-belong-as-asked")]
    public async Task Log_files_have_owner_and_mode_as_asked()
    {
        Site.Write("site.log", "from before\n");
        Site.ProbeIni("logto2 = site.log", "req-logger = file:requests.log", "log-truncate = true", "logfile-chmod = 604", "uid = nobody", "gid = nogroup");
        var server = await StartAsync("site.ini");
        await server.GetAsync("/hello?x");
        await WaitForAsync("requests.log", "/hello?x");

        foreach (string file in new[] { "site.log", "requests.log" })
        {
            ((int)File.GetUnixFileMode(Site.PathOf(file))).Should().Be(Convert.ToInt32("604", 8));
            if (Signals.IsRoot)
            {
                OwnerOf(file).Should().Be("nobody");
            }
        }

        Read("site.log").Should().NotContain("from before", "log-truncate empties it").And.NotContain("/hello?x");
    }

    [Fact]
    [Scenario("log-chown-gives-the-file-away")]
    public async Task Logfile_chown_gives_the_file_to_the_user()
    {
        Site.ProbeIni("logto = site.log", "logfile-chown = true", "uid = nobody", "gid = nogroup");
        await StartAsync("site.ini");

        ((int)File.GetUnixFileMode(Site.PathOf("site.log"))).Should().Be(Convert.ToInt32("640", 8), "a new log is nobody else's business");
        if (Signals.IsRoot)
        {
            OwnerOf("site.log").Should().Be("nobody");
        }
    }

    [Theory]
    [Scenario("renamed-log-is-opened-again")]
    [InlineData("fifo")]
    [InlineData("touch")]
    [InlineData("reload")]
    public async Task A_log_that_was_renamed_under_load_is_opened_again_and_no_line_is_lost(string way)
    {
        Site.Write("reopen", "");
        Site.ProbeIni("logto = site.log", "processes = 2", "master-fifo = commands", "touch-logreopen = reopen", "log-reopen = true");
        var server = await StartAsync("site.ini");
        int renamed = 0;
        int answered;
        await using (var load = Load.Start(Site.EndPoint, "/hello?counted", 4))
        {
            for (; renamed < 3; renamed++)
            {
                await load.AdvanceAsync(200);
                File.Move(Site.PathOf("site.log"), Site.PathOf($"site.log.{renamed}"));
                Ask(server, way);
                await Poll.Until(() => File.Exists(Site.PathOf("site.log")), "there is a new log");
            }

            await load.AdvanceAsync(200);
            await load.StopAsync();
            load.Failures.Should().BeEmpty();
            answered = load.Completed;
        }

        await server.StopAsync();

        string all = string.Concat(Enumerable.Range(0, renamed).Select(number => Read($"site.log.{number}"))) + Read("site.log");
        Count(all, "/hello?counted").Should().Be(answered);
        Read("site.log").Should().Contain("/hello?counted").And.Contain("Stopped");
    }

    [Fact]
    [Scenario("log-maxsize-renames-without-loss")]
    public async Task A_log_that_grows_too_large_is_renamed_and_no_line_is_lost()
    {
        Site.ProbeIni("logto = site.log", "processes = 2", "log-maxsize = 30000");
        var server = await StartAsync("site.ini");
        int answered;
        await using (var load = Load.Start(Site.EndPoint, "/hello?counted", 4))
        {
            await Poll.Until(() => Logs().Length >= 3, "the log was renamed twice");
            await load.StopAsync();
            load.Failures.Should().BeEmpty();
            answered = load.Completed;
        }

        await server.StopAsync();

        Logs().Should().OnlyContain(file => Regex.IsMatch(file, @"site\.log(\.\d{10})?$"));
        string.Concat(Logs().Select(File.ReadAllText)).Split('\n').Where(line => line.Contains("?counted", StringComparison.Ordinal))
            .Should().HaveCount(answered).And.OnlyContain(line => Messages.AccessLine.IsMatch(line));

        string[] Logs() => Directory.GetFiles(Site.Directory, "site.log*");
    }

    [Theory]
    [Scenario("log-is-renamed-on-demand")]
    [InlineData("fifo")]
    [InlineData("touch")]
    public async Task The_log_is_renamed_on_demand(string way)
    {
        Site.Write("rotate", "");
        Site.ProbeIni("logto = site.log", "log-backupname = site.old", "master-fifo = commands", "touch-logrotate = rotate");
        var server = await StartAsync("site.ini");
        await server.GetAsync("/hello?before");
        await WaitForAsync("site.log", "?before");

        if (way == "fifo")
        {
            Write("commands", "L");
        }
        else
        {
            File.SetLastWriteTimeUtc(Site.PathOf("rotate"), DateTime.UtcNow.AddMinutes(1));
        }

        await Poll.Until(() => File.Exists(Site.PathOf("site.old")), "the log was renamed");
        await server.GetAsync("/hello?after");
        await WaitForAsync("site.log", "?after");
        Read("site.old").Should().Contain("?before");
        Read("site.log").Should().NotContain("?before");
    }

    [Fact]
    [Scenario("log-emptied-in-place-has-no-hole")]
    public async Task A_log_that_is_copied_and_emptied_goes_on_at_its_beginning()
    {
        Site.ProbeIni("logto = site.log");
        var server = await StartAsync("site.ini");
        await server.GetAsync("/hello?before");
        await WaitForAsync("site.log", "?before");
        await WaitForAsync("site.log", "1 process, 1 thread each\n\n"); // the banner's end: it may come behind the first requests

        File.Copy(Site.PathOf("site.log"), Site.PathOf("site.log.1"));
        using (var log = new FileStream(Site.PathOf("site.log"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            log.SetLength(0);
        }

        await server.GetAsync("/hello?after");
        await WaitForAsync("site.log", "?after");
        Read("site.log").Should().StartWith("[pid: ");
    }

    [Fact]
    [Scenario("full-disk-for-the-log-stops-nobody")]
    public async Task A_log_without_room_stops_no_request_is_told_once_and_goes_on_when_there_is_room()
    {
        File.CreateSymbolicLink(Site.PathOf("site.log"), "/dev/full");
        Site.ProbeIni("logto = site.log", "master-fifo = commands");
        var server = await StartAsync("site.ini");
        for (int i = 0; i < 50; i++)
        {
            (await server.GetAsync("/errors")).Status.Should().Be(200);
        }

        await server.WaitForLineAsync(new Regex("site.log.*No space left on device"));
        File.Delete(Site.PathOf("site.log"));
        Write("commands", "l");
        // What has failed is tried again once a second.
        await Poll.Until(
            async () => (await server.GetAsync("/hello?again")).Status == 200
                && File.Exists(Site.PathOf("site.log")) && Read("site.log").Contains("?again", StringComparison.Ordinal),
            "the log is written again");
        Read("site.log").Should().MatchRegex(@"^\*\*\* \d+ lines of the log were lost");
        server.Log.Lines.Where(line => line.Contains("No space left", StringComparison.Ordinal)).Should().ContainSingle("it is told once");
    }

    [Theory]
    [Scenario("unusable-log-is-a-mistake")]
    [InlineData("logto = missing/site.log", "does not exist")]
    [InlineData("logto = tmp", "is a directory")]
    [InlineData("req-logger = file:missing/site.log", "does not exist")]
    [InlineData("logger = syslog:mysite,local0,missing/log", "No such file.*syslog daemon")]
    [InlineData("logger = socket:missing/log", "No such file")]
    [InlineData("logger = fd:77", "no open descriptor 77")]
    [InlineData("logger = redislog:127.0.0.1:6379", "no such logger here.*rsyslog")]
    [InlineData("logger = syslog:mysite,local9", "no such facility")]
    [InlineData("log-route = nobody ERROR", "no logger is called nobody")]
    [InlineData("log-encoder = gzip", "no such encoder here")]
    public async Task A_log_that_cannot_be_written_is_a_mistake(string line, string words)
    {
        Site.ProbeIni(line);

        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 7), new Regex(words));
    }

    [Fact]
    [Scenario("failed-start-is-told-beside-the-log")]
    public async Task A_failed_start_is_told_in_the_log_and_where_the_server_was_started()
    {
        Site.Write("broken.py", "raise RuntimeError('broken on purpose')\n");
        Site.ProbeIni("logto = site.log", "module = broken");

        (await RunAsync("site.ini")).ShouldBeApplicationMistake(Messages.Word("broken on purpose"));

        Read("site.log").Should().Contain("broken on purpose");
    }

    private void Ask(OneServeProcess server, string way)
    {
        switch (way)
        {
            case "fifo":
                Write("commands", "l");
                break;
            case "touch":
                File.SetLastWriteTimeUtc(Site.PathOf("reopen"), File.GetLastWriteTimeUtc(Site.PathOf("reopen")).AddMinutes(1));
                break;
            default:
                server.Send(Signal.Hup);
                break;
        }
    }

    private void Write(string file, string text)
    {
        using var stream = new FileStream(Site.PathOf(file), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
    }

    private string Read(string file)
    {
        using var stream = new FileStream(Site.PathOf(file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new StreamReader(stream).ReadToEnd();
    }

    private Task WaitForAsync(string file, string text) =>
        Poll.Until(() => File.Exists(Site.PathOf(file)) && Read(file).Contains(text, StringComparison.Ordinal), $"{file} has {text}");

    private string OwnerOf(string file) => Interpreters.Run("/usr/bin/stat", "--format=%U", Site.PathOf(file)).Trim();

    private static int Count(string text, string part) => Regex.Count(text, Regex.Escape(part));
}
