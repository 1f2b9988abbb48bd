using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>Servers in the background, and what a person at a terminal sees of a start.</summary>
public sealed class BackgroundScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Theory]
    [Scenario("server-in-the-background")]
    [InlineData("daemonize")]
    [InlineData("daemonize2")]
    public async Task The_command_ends_when_the_server_serves_and_the_server_goes_on(string option)
    {
        Site.WriteGatedApp();
        Site.ProbeIni("module = gated", "pidfile = site.pid", $"{option} = logs/site.log", "exec-asap = mkdir -p logs");
        var command = Launch("site.ini");
        await Site.WaitImportingAsync();
        command.HasExited.Should().BeFalse("the application is still being imported");
        Site.OpenGate();

        var outcome = await command.WaitForExitAsync();

        outcome.ExitCode.Should().Be(0, outcome.Output);
        Messages.Ready.IsMatch(outcome.Output).Should().BeTrue("who has started it reads that it is ready");
        int master = int.Parse(await File.ReadAllTextAsync(Site.PathOf("site.pid")));
        (await command.GetAsync("/hello")).Text.Should().Be("Hello, world!");
        var entry = ProcessTable.Read(master)!;
        entry.Session.Should().Be(master, "it has a session of its own");
        entry.Title.Should().EndWith("site.ini").And.Contain("oneserve");

        Signals.Send(master, Signal.Hup);
        await Poll.Until(() => Messages.Reloaded.IsMatch(File.ReadAllText(Site.PathOf("logs/site.log"))), "it reloads");
        Signals.Send(master, Signal.Term);
        await command.AssertNothingLeftAsync();
        string log = await File.ReadAllTextAsync(Site.PathOf("logs/site.log"));
        log.Should().Contain("GET /hello").And.Contain("Stopped").And.NotContain("\e[");
        Messages.Ready.IsMatch(log).Should().BeTrue();
    }

    [Fact]
    [Scenario("background-start-that-fails")]
    public async Task A_start_in_the_background_that_fails_tells_why_where_it_was_started()
    {
        Site.Write("failing.py", "raise ValueError('cannot start')\n");
        Site.ProbeIni("module = failing", "daemonize = site.log", "pidfile = site.pid");
        (await RunAsync("site.ini")).ShouldBeApplicationMistake(Messages.At("site.ini", 7), Messages.Word("ValueError: cannot start"));
        File.Exists(Site.PathOf("site.pid")).Should().BeFalse();
        (await File.ReadAllTextAsync(Site.PathOf("site.log"))).Should().Contain("ValueError: cannot start");

        Site.ProbeIni("daemonize = no/such/site.log");
        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 7), Messages.Word("No such file"));

        Site.ProbeIni("daemonize = site.log", "exec-pre-app = exit 5");
        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 8), Messages.Word("exited with code 5"));

        Site.ProbeIni("daemonize = 10.0.0.1:514");
        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 7), Messages.Word("UDP"));
    }

    [Fact]
    [Scenario("background-start-interrupted")]
    public async Task An_interrupted_start_in_the_background_leaves_nothing()
    {
        Site.WriteGatedApp();
        Site.ProbeIni("module = gated", "daemonize = site.log");
        var command = Launch("site.ini");
        await Site.WaitImportingAsync();

        command.Send(Signal.Int);

        (await command.WaitForExitAsync()).ExitCode.Should().Be(1, "no server is there");
        await command.AssertNothingLeftAsync();
    }

    [Fact]
    [Scenario("slow-start-at-a-terminal")]
    public async Task A_slow_start_tells_a_person_at_a_terminal_what_it_is_waiting_for()
    {
        Site.WriteGatedApp();
        Site.ProbeIni("module = gated", "pidfile = site.pid", "exec-pre-app = while ! test -e first; do sleep 0.02; done");
        // script(1) gives it a terminal, and passes on what is written there.
        var server = LaunchProgram("/usr/bin/script", "-qefc", $"'{Repository.Executable}' site.ini", "/dev/null");

        await server.WaitForLineAsync(new Regex(@"Waiting for `exec-pre-app = .*` \(site\.ini:9\): \d+ s"));
        Site.Write("first", "");
        await server.WaitForLineAsync(new Regex(@"Waiting for the application to be imported \(module = gated\): \d+ s"));
        Site.OpenGate();
        await server.WaitForLineAsync(Messages.Ready);

        int lines = server.Log.Lines.Length;
        Signals.Send(int.Parse(await File.ReadAllTextAsync(Site.PathOf("site.pid"))), Signal.Term);
        await server.WaitForExitAsync();
        server.Log.Lines.Skip(lines).Should().NotContain(line => line.Contains("Waiting for", StringComparison.Ordinal));
        server.Log.Lines.Where(line => line.Contains("Waiting for", StringComparison.Ordinal)).Should().NotContain(line => line.Contains('\e'));
    }

    [Fact]
    [Scenario("slow-start-in-a-log")]
    public async Task A_slow_start_without_a_terminal_tells_nothing_of_the_kind()
    {
        Site.WriteGatedApp();
        Site.ProbeIni("module = gated", "exec-pre-app = sleep 1.3");
        var server = Launch("site.ini");
        await Site.WaitImportingAsync();
        Site.OpenGate();
        await server.WaitForLineAsync(Messages.Ready);

        server.Log.Text.Should().NotContain("Waiting for").And.NotContain("\e");
    }
}
