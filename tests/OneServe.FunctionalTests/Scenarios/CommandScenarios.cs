using System.Diagnostics;
using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

public sealed class CommandScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Fact]
    [Scenario("reload-command-waits-and-tells")]
    public async Task The_reload_command_waits_for_the_new_code_and_tells_a_failure()
    {
        Site.Write("VERSION", "1");
        Site.Write("site_app.py", "from probe import application\n");
        Site.ProbeIni("module = site_app", "pidfile = site.pid");
        var server = await StartAsync("site.ini");

        Site.Write("VERSION", "2");
        (await CommandAsync("reload", "site.pid")).ExitCode.Should().Be(0);
        (await server.GetAsync("/version")).Text.Should().Be("2", "the command has waited");

        Site.Write("site_app.py", "raise RuntimeError('broken on purpose')\n");
        var failed = await CommandAsync("--reload", "site.pid");
        failed.ExitCode.Should().Be(1);
        failed.Output.Should().Contain("RuntimeError: broken on purpose");
        Site.Ini("processes = many");
        failed = await CommandAsync("--reload=site.pid");
        failed.ExitCode.Should().Be(1);
        failed.Output.Should().Contain("site.ini:2:").And.Contain("many");
        (await server.GetAsync("/version")).Text.Should().Be("2");
    }

    [Theory]
    [Scenario("stop-command-waits")]
    [InlineData("stop", "site.pid")]
    [InlineData("--stop", "site.pid")]
    public async Task The_stop_command_waits_for_the_end(params string[] command)
    {
        Site.ProbeIni("pidfile = site.pid", "http = site.sock");
        var server = await StartAsync("site.ini");

        (await CommandAsync(command)).ExitCode.Should().Be(0);

        File.Exists(Site.PathOf("site.pid")).Should().BeFalse();
        File.Exists(Site.PathOf("site.sock")).Should().BeFalse();
        (await server.WaitForExitAsync()).ExitCode.Should().Be(0);
    }

    [Theory]
    [Scenario("command-without-a-server-is-a-mistake")]
    [InlineData("nowhere.pid", "nowhere.pid")]
    [InlineData("empty.pid", "holds no pid")]
    [InlineData("stale.pid", "no server with pid")]
    public async Task A_command_to_nobody_says_so(string file, string words)
    {
        Site.Write("empty.pid", "\n");
        Site.Write("stale.pid", $"{Environment.ProcessId}\n");

        var outcome = await CommandAsync("reload", file);

        outcome.ExitCode.Should().Be(1);
        outcome.Output.Should().Contain(words);
        Messages.StackTrace.IsMatch(outcome.Output).Should().BeFalse();
    }

    [Theory]
    [Scenario("command-without-a-pidfile-is-a-mistake")]
    [InlineData("stop")]
    [InlineData("--reload")]
    public async Task A_command_without_a_pidfile_says_what_is_missing(string command) =>
        (await RunAsync(command)).ShouldBeMistake(Messages.Word($"a pidfile is missing: oneserve {command} site.pid"));

    [Fact]
    [Scenario("fifo-takes-commands")]
    public async Task A_fifo_takes_commands()
    {
        Site.Write("VERSION", "1");
        Site.ProbeIni("master-fifo = commands");
        var server = await StartAsync("site.ini");
        File.GetUnixFileMode(Site.PathOf("commands")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        // The thread may not be done yet with the request that has just been answered.
        var figures = new Regex(@"Worker 1 \(pid \d+\): [01] of 1 threads busy, \d+ requests");
        server.Send(Signal.User1);
        await server.WaitForLineAsync(figures);
        Say("s\n");
        await Poll.Until(() => server.Log.Lines.Count(figures.IsMatch) == 2, "the figures are told again");
        Site.Write("VERSION", "2");
        Say("r\n");
        await Poll.Until(async () => (await server.GetAsync("/version")).Text == "2", "the new version answers");
        Say("?x\nq");

        (await server.WaitForExitAsync()).ExitCode.Should().Be(0);
        File.Exists(Site.PathOf("commands")).Should().BeFalse();
    }

    [Theory]
    [Scenario("touch-reloads")]
    [InlineData("touch-reload", false)]
    [InlineData("touch-reload", true)]
    [InlineData("touch-chain-reload", false)]
    public async Task A_touched_or_exchanged_file_reloads(string option, bool byRename)
    {
        Site.Write("VERSION", "1");
        Site.Write("trigger", "");
        Site.ProbeIni($"{option} = trigger", "touch-reload = %p");
        var server = await StartAsync("site.ini");

        for (int version = 2; version <= 3; version++)
        {
            Site.Write("VERSION", $"{version}");
            if (byRename)
                File.Move(Site.Write("trigger.new", ""), Site.PathOf("trigger"), overwrite: true);
            else
                File.SetLastWriteTimeUtc(Site.PathOf("trigger"), DateTime.UtcNow);
            await Poll.Until(async () => (await server.GetAsync("/version")).Text == $"{version}", $"version {version} answers");
        }
    }

    [Fact]
    [Scenario("chain-reload-goes-worker-by-worker")]
    public async Task A_chain_reload_goes_worker_by_worker_and_ends_at_the_first_failure()
    {
        Site.Write("VERSION", "1");
        Site.Write("site_app.py", "from probe import application\n");
        Site.ProbeIni("module = site_app", "processes = 3", "lazy-apps = true", "master-fifo = commands", "disable-logging = true");
        var server = await StartAsync("site.ini");
        int[] before = await server.WorkersAsync(3);
        int prototype = server.Prototype.Pid;
        await using var load = Load.Start(Site.EndPoint, "/version", 4);
        await load.AdvanceAsync(100);

        Site.Write("VERSION", "2");
        Say("c\n");
        await server.WaitForLineAsync(new Regex("workers have been replaced one by one"));
        int[] between = await server.WorkersAsync(3);
        between.Should().NotIntersectWith(before);
        (await server.GetAsync("/version")).Text.Should().Be("2");

        Site.Write("site_app.py", "raise RuntimeError('broken on purpose')\n");
        Say("c\n");
        await server.WaitForLineAsync(new Regex("those that are left stay.*"));
        await load.AdvanceAsync(100);
        (await server.WorkersAsync(3)).Should().Equal(between);
        server.Prototype.Pid.Should().Be(prototype);
        await server.WaitForLineAsync(Messages.Word("RuntimeError: broken on purpose"));
        await load.StopAsync();
        load.Failures.Should().BeEmpty();
    }

    [Fact]
    [Scenario("workers-come-and-go-by-command")]
    public async Task Workers_come_and_go_by_command()
    {
        Site.ProbeIni("processes = 2", "master-fifo = commands", "disable-logging = true");
        var server = await StartAsync("site.ini");
        int[] before = await server.WorkersAsync(2);
        await using var load = Load.Start(Site.EndPoint, "/hello", 4);

        Say("+");
        (await server.WorkersAsync(3))[..2].Should().Equal(before);
        server.Workers.Select(worker => worker.WorkerNumber).Should().Equal(1, 2, 3);
        Say("--");
        (await server.WorkersAsync(1)).Should().Equal(before[0]);
        Say("-");
        await server.WaitForLineAsync(new Regex("one worker has to stay"));
        await load.AdvanceAsync(100);
        await load.StopAsync();
        load.Failures.Should().BeEmpty();
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.Reloaded);
        await server.WorkersAsync(2);
    }

    [Fact]
    [Scenario("pause-lets-requests-wait")]
    public async Task A_pause_lets_requests_wait_and_files_pass()
    {
        Site.Write("static/a.txt", "a file");
        Site.ProbeIni("pidfile = site.pid", $"static-map = /static={Site.PathOf("static")}");
        var server = await StartAsync("site.ini");
        (await CommandAsync("pause", "site.pid")).ExitCode.Should().Be(0);
        await using var connection = await server.ConnectAsync();

        await connection.SendAsync("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await server.GetAsync("/static/a.txt")).Text.Should().Be("a file");
        (await connection.IsStill(TimeSpan.FromMilliseconds(200))).Should().BeTrue("it waits");

        (await CommandAsync("resume", "site.pid")).ExitCode.Should().Be(0);
        (await connection.ReceiveAsync()).Status.Should().Be(200);
        // uWSGI's way: the same signal, once and once more.
        server.Send(Signal.TerminalStop);
        await Poll.Until(() => server.Log.Lines.Count(line => line.Contains("Paused", StringComparison.Ordinal)) == 2, "it pauses again");
        server.Send(Signal.TerminalStop);
        (await server.GetAsync("/hello")).Status.Should().Be(200);
    }

    [Fact]
    [Scenario("hanging-import-keeps-the-old")]
    public async Task A_new_version_that_hangs_in_its_import_is_given_up()
    {
        Site.Write("site_app.py", "from probe import application\n");
        Site.ProbeIni("module = site_app", "pidfile = site.pid");
        var server = await StartAsync("site.ini");
        // Time enough for Python to come to where it hangs.
        Site.ProbeIni("module = site_app", "import-timeout = 4", "pidfile = site.pid");
        Site.Write("site_app.py", "import threading\ndef hang():\n    threading.Event().wait()\nhang()\n");

        var outcome = await CommandAsync("reload", "site.pid");

        outcome.ExitCode.Should().Be(1);
        outcome.Output.Should().Contain("import-timeout");
        await server.WaitForLineAsync(new Regex("site_app.py\", line 3 in hang"));
        (await server.GetAsync("/hello")).Status.Should().Be(200);
        await Poll.Until(() => server.Processes.Count == 4, "what hung has been killed");
    }

    [Fact]
    [Scenario("crashing-release-is-taken-back")]
    public async Task A_release_whose_first_requests_kill_its_workers_is_taken_back()
    {
        Site.Write("site_app.py", "from probe import application\n");
        Site.ProbeIni("module = site_app", "processes = 2", "pidfile = site.pid", "reload-canary = 20");
        var server = await StartAsync("site.ini");
        int[] before = await server.WorkersAsync(2);
        Site.Write("site_app.py", "import os\ndef application(environ, start_response):\n    os.abort()\n");

        var command = CommandAsync("reload", "site.pid");
        await server.WaitForLineAsync(Messages.Reloaded);
        (await server.PostAsync("/hello", [])).Status.Should().Be(502);
        await Poll.Until(async () => (await server.GetAsync("/hello")).Status == 200, "the old release is back");

        var outcome = await command;
        outcome.ExitCode.Should().Be(1);
        outcome.Output.Should().Contain("serves again");
        await Poll.Until(() => server.Workers.Select(worker => worker.Pid).SequenceEqual(before), "its workers have never been away");
    }

    private async Task<Outcome> CommandAsync(params string[] arguments)
    {
        using var command = Process.Start(new ProcessStartInfo(Repository.Executable, arguments)
        {
            WorkingDirectory = Site.Directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var words = Task.WhenAll(command.StandardOutput.ReadToEndAsync(), command.StandardError.ReadToEndAsync());
        await command.WaitForExitAsync().WaitAsync(RawHttp.Patience);
        return new Outcome(command.ExitCode, string.Concat(await words));
    }

    private void Say(string bytes)
    {
        using var fifo = new FileStream(Site.PathOf("commands"), FileMode.Open, FileAccess.Write);
        fifo.Write(System.Text.Encoding.ASCII.GetBytes(bytes));
    }
}
