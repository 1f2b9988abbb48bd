using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>Commands and actions at the stages of the server's life.</summary>
public sealed class HookScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    /// <summary>Below it the command's own children: a signal for the shell alone would leave them.</summary>
    private const string Endless = "touch running; sleep 3600 & sleep 3600";

    private static readonly Regex Said = new(@"^(?<stage>\S+) uid=(?<uid>\d+) cwd=(?<directory>\S+)$");

    /// <summary>As root: who runs what. As another user: `exec-as-root` is left out, and told.</summary>
    [Fact]
    [Scenario("commands-run-in-order")]
    public async Task Commands_run_in_order_as_the_user_and_in_the_directory_of_their_stage()
    {
        Site.Write("inner/said.py", "import os\nprint('import uid=%d cwd=%s' % (os.getuid(), os.getcwd()), flush=True)\nfrom probe import application\n");
        string[] stages = ["as-user-atexit", "post-app", "pre-app", "as-user", "as-root", "in-jail", "pre-jail", "asap"];
        Site.Ini([
            Site.Http, "chdir = inner", "module = said", $"pythonpath = {Site.Directory}", "uid = nobody", "gid = nogroup", "pidfile = site.pid",
            .. stages.Select(stage => $"exec-{stage} = {Say(stage)}"), $"hook-master-start = exec:{Say("master-start")}",
            "exec-asap = test ! -e site.pid && echo before the pidfile", "exec-pre-jail = test -s site.pid && echo behind the pidfile",
        ]);
        var server = Launch("site.ini");
        await server.WaitForLineAsync(Messages.Ready);
        (await server.StopAsync()).ExitCode.Should().Be(0);

        var said = server.Log.Lines.Select(line => Said.Match(line)).Where(match => match.Success).ToArray();
        string[] order = ["asap", "pre-jail", "in-jail", "as-root", "as-user", "pre-app", "import", "post-app", "master-start", "as-user-atexit"];
        said.Select(match => match.Groups["stage"].Value).Should().Equal(order.Where(stage => Signals.IsRoot || stage != "as-root"));
        foreach (var match in said)
        {
            bool late = Array.IndexOf(order, match.Groups["stage"].Value) >= Array.IndexOf(order, "pre-app");
            match.Groups["directory"].Value.Should().Be(late ? Site.PathOf("inner") : Site.Directory, match.Value);
            if (Signals.IsRoot)
            {
                match.Groups["uid"].Value.Should().Be(late || match.Groups["stage"].Value == "as-user" ? "65534" : "0", match.Value);
            }
        }

        server.Log.Lines.Should().Contain("before the pidfile").And.Contain("behind the pidfile");
    }

    [Fact]
    [Scenario("command-that-fails-ends-the-start")]
    public async Task A_command_that_fails_ends_the_start()
    {
        Site.ProbeIni("pidfile = site.pid", "exec-as-user = exit 3");
        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 8), Messages.Word("exec-as-user = exit 3"), Messages.Word("exited with code 3"));
        File.Exists(Site.PathOf("site.pid")).Should().BeFalse();

        Site.ProbeIni("exec-pre-app = no-such-program-here --now");
        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 7), Messages.Word("no-such-program-here"), Messages.Word("has not found"));

        Site.ProbeIni("exec-post-app = kill -9 $$");
        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 7), Messages.Word("SIGKILL"));

        Site.ProbeIni("hook-master-start = unlink:nothing-there");
        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 7), Messages.Word("No such file"));

        Site.ProbeIni("hook-asap = safeexec:exit 3", "exec-as-user-atexit = exit 4");
        var server = await StartAsync("site.ini");
        await server.WaitForLineAsync(Messages.Word("exited with code 3"));
        (await server.StopAsync()).Output.Should().Contain("exited with code 4");
    }

    [Fact]
    [Scenario("requests-wait-for-a-command")]
    public async Task Requests_wait_while_a_command_runs_before_the_application()
    {
        Site.ProbeIni("lazy-apps = true", "exec-pre-app = while ! test -e gate; do sleep 0.02; done", "exec-post-app = touch loaded");
        var server = Launch("site.ini");
        await server.WaitListeningAsync();

        var waiting = server.GetAsync("/hello");
        await server.WaitForLineAsync(Messages.Word("Running `exec-pre-app"));
        server.Processes.Should().NotContain(entry => entry.Title.StartsWith(ProcessTitles.Prototype, StringComparison.Ordinal));
        waiting.IsCompleted.Should().BeFalse("the application is not to be loaded yet");
        Site.OpenGate();

        (await waiting).Text.Should().Be("Hello, world!");
        await Poll.Until(() => File.Exists(Site.PathOf("loaded")), "what comes behind the application has run");
    }

    [Theory]
    [Scenario("stop-while-a-command-runs")]
    [InlineData("exec-asap")]
    [InlineData("exec-as-user")]
    [InlineData("exec-pre-app")]
    [InlineData("exec-post-app")]
    public async Task A_stop_while_a_command_runs_ends_it_and_all_that_it_has_started(string option)
    {
        var server = await LaunchEndlessAsync(option);

        var outcome = await server.StopAsync();

        outcome.ExitCode.Should().Be(0, outcome.Output);
        outcome.Output.Should().NotContain("ERROR");
        File.Exists(Site.PathOf("site.pid")).Should().BeFalse();
    }

    [Fact]
    [Scenario("stop-while-the-last-command-runs")]
    public async Task A_stop_while_the_last_command_of_the_start_runs_finishes_requests()
    {
        Site.ProbeIni($"hook-master-start = exec:{Endless}", "safe-pidfile = site.pid");
        var server = Launch("site.ini");
        await Poll.Until(() => File.Exists(Site.PathOf("running")), "the command runs");
        var slow = server.GetAsync("/sleep?ms=700&note=working");
        await Poll.Until(() => File.Exists(Site.PathOf("working")), "the application works on the request");

        var stopped = server.StopAsync();

        (await slow).Text.Should().Be("slept");
        (await stopped).ExitCode.Should().Be(0);
        server.Log.Text.Should().NotContain("is ready");
        File.Exists(Site.PathOf("site.pid")).Should().BeFalse("the start has not succeeded");
    }

    [Theory]
    [Scenario("master-killed-while-a-command-runs")]
    [InlineData("exec-asap")]
    [InlineData("exec-pre-app")]
    public async Task A_master_killed_while_a_command_runs_leaves_no_process(string option)
    {
        var server = await LaunchEndlessAsync(option);
        _ = server.Processes;

        Signals.Send(server.Pid, Signal.Kill);

        await server.WaitForExitAsync();
        await server.AssertNothingLeftAsync();
    }

    [Fact]
    [Scenario("reload-runs-commands-again")]
    public async Task A_reload_runs_the_commands_of_the_application_again_and_one_that_fails_refuses_it()
    {
        Site.ProbeIni(
            "exec-asap = echo asap >> said", "exec-as-user = echo as-user >> said", "exec-pre-app = echo pre-app >> said; test ! -e broken",
            "exec-post-app = echo post-app >> said", "hook-master-start = exec:echo master-start >> said");
        var server = await StartAsync("site.ini");
        await server.WaitForLineAsync(Messages.Ready);
        File.ReadLines(Site.PathOf("said")).Should().Equal("asap", "as-user", "pre-app", "post-app", "master-start");

        File.Delete(Site.PathOf("said"));
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.Reloaded);
        File.ReadLines(Site.PathOf("said")).Should().Equal("asap", "pre-app", "post-app");
        await server.WorkersAsync(1);

        Site.Write("broken", "");
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.ReloadFailed);
        Messages.At("site.ini", 9).IsMatch(server.Log.Lines.Single(Messages.ReloadFailed.IsMatch)).Should().BeTrue();
        (await server.GetAsync("/hello")).Text.Should().Be("Hello, world!");

        File.Delete(Site.PathOf("broken"));
        server.Send(Signal.Hup);
        await Poll.Until(() => server.Log.Lines.Count(Messages.Reloaded.IsMatch) == 2, "the next reload succeeds");
    }

    [Fact]
    [Scenario("stop-while-a-reload-runs-a-command")]
    public async Task A_stop_while_a_reload_runs_a_command_ends_both()
    {
        Site.ProbeIni($"exec-pre-app = test ! -e broken || {{ {Endless}; }}");
        var server = await StartAsync("site.ini");
        await server.WaitForLineAsync(Messages.Ready);
        Site.Write("broken", "");
        server.Send(Signal.Hup);
        await Poll.Until(() => File.Exists(Site.PathOf("running")), "the command runs");

        (await server.GetAsync("/hello")).Status.Should().Be(200, "the old generation serves meanwhile");
        (await server.StopAsync()).ExitCode.Should().Be(0);
    }

    [Fact]
    [Scenario("hook-actions")]
    public async Task Actions_that_are_no_commands()
    {
        Site.Write("old", "");
        Site.ProbeIni(
            "hook-asap = mkdir:made", "hook-asap = write:made/a some text", "hook-asap = appendn:made/a  and more", "hook-asap = chmod:made/a 604",
            "hook-asap = unlink:old", "hook-asap = touch:new", "hook-asap = print:said by a hook", "hook-asap = cd:made",
            "hook-as-user = exec:pwd > where", "hook-as-user = putenv:TOLD=by a hook", "hook-pre-app = wait_for_file:made/where", "exec-pre-app = echo $TOLD > told");
        var server = await StartAsync("site.ini");

        File.ReadAllText(Site.PathOf("made/a")).Should().Be("some text and more\n");
        File.GetUnixFileMode(Site.PathOf("made/a")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        File.Exists(Site.PathOf("old")).Should().BeFalse();
        File.Exists(Site.PathOf("new")).Should().BeTrue();
        await server.WaitForLineAsync(Messages.Word("said by a hook"));
        File.ReadAllText(Site.PathOf("made/where")).Should().Be(Site.PathOf("made") + "\n");
        File.ReadAllText(Site.PathOf("told")).Should().Be("by a hook\n");
        await server.WorkersAsync(1);
        ProcessTable.HasVariable(server.Prototype.Pid, "TOLD=by a hook").Should().BeTrue("the application has it too");
    }

    [Fact]
    [Scenario("hooks-of-workers")]
    public async Task Hooks_run_when_workers_are_ready()
    {
        Site.ProbeIni("processes = 2", "hook-accepting = exec:echo any >> ready", "hook-accepting1 = exec:echo first >> ready");
        var server = await StartAsync("site.ini");

        await Poll.Until(() => Lines("ready").Count(line => line == "any") == 2 && Lines("ready").Contains("first"), "both workers have been ready");
        int second = (await server.WorkersAsync(2))[1];
        Signals.Send(second, Signal.Kill);

        await Poll.Until(() => Lines("ready").Count(line => line == "any") == 3, "its successor is ready");
        Lines("ready").Count(line => line == "first").Should().Be(1);
    }

    [Fact]
    [Scenario("graceful-stop-recipe-is-always-so")]
    public async Task The_recipe_for_a_graceful_stop_says_what_is_so_and_other_signals_are_refused()
    {
        Site.ProbeIni("hook-master-start = unix_signal:15 gracefully_kill_them_all");
        var server = await StartAsync("site.ini");
        await server.WaitForLineAsync(Messages.Ready);
        server.Log.Text.Should().Contain("always so").And.NotContain("WARNING");
        var slow = server.GetAsync("/sleep?ms=500&note=working");
        await Poll.Until(() => File.Exists(Site.PathOf("working")), "the application works on the request");
        var stopped = server.StopAsync();
        (await slow).Text.Should().Be("slept");
        (await stopped).ExitCode.Should().Be(0);

        Site.ProbeIni("hook-master-start = unix_signal:1 gracefully_kill_them_all");
        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 7), Messages.Word("HUP reloads"));
        Site.ProbeIni("hook-asap = call:some_function");
        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 7), Messages.Word("exec:COMMAND"));
        Site.ProbeIni("hook-asap = ./manage.py migrate");
        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 7), Messages.Word("exec:./manage.py migrate"));
    }

    private static string Say(string stage) => $"echo {stage} uid=$(id -u) cwd=$(pwd)";

    private string[] Lines(string file) => File.Exists(Site.PathOf(file)) ? File.ReadAllLines(Site.PathOf(file)) : [];

    private async Task<OneServeProcess> LaunchEndlessAsync(string option)
    {
        Site.ProbeIni("pidfile = site.pid", $"{option} = {Endless}");
        var server = Launch("site.ini");
        await Poll.Until(() => File.Exists(Site.PathOf("running")), "the command runs");
        return server;
    }
}
