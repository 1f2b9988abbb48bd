using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

public sealed class StartScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Fact]
    [Scenario("requests-wait-for-the-first-worker")]
    public async Task Requests_wait_while_the_application_is_loaded_and_files_are_served()
    {
        Site.Write("static/a.txt", "a file");
        Site.WriteGatedApp();
        Site.ProbeIni("module = gated", "static-map = /static=static");
        var server = Launch("site.ini");
        await server.WaitListeningAsync();

        var waiting = server.GetAsync("/hello");
        (await server.GetAsync("/static/a.txt")).Text.Should().Be("a file");
        waiting.IsCompleted.Should().BeFalse("the application is still being loaded");
        Site.OpenGate();

        (await waiting).Text.Should().Be("Hello, world!");
    }

    [Fact]
    [Scenario("stop-while-starting")]
    public async Task A_stop_while_the_application_is_loaded_ends_everything()
    {
        var server = await LaunchGatedAsync();

        (await server.StopAsync()).ExitCode.Should().Be(0);
    }

    [Fact]
    [Scenario("master-killed-while-starting")]
    public async Task A_master_killed_while_the_application_is_loaded_leaves_no_process()
    {
        var server = await LaunchGatedAsync();
        server.Processes.Should().HaveCount(3, "master, gateway and prototype are there");

        Signals.Send(server.Pid, Signal.Kill);

        await server.WaitForExitAsync();
        await server.AssertNothingLeftAsync();
    }

    [Fact]
    [Scenario("gateway-killed-while-starting")]
    public async Task A_gateway_killed_while_the_application_is_loaded_is_replaced()
    {
        var server = await LaunchGatedAsync();
        var victim = server.Gateway;

        Signals.Send(victim.Pid, Signal.Kill);
        await Poll.Until(() => server.Processes.All(entry => entry.Pid != victim.Pid), "the gateway has gone");
        var waiting = server.GetAsync("/hello");
        Site.OpenGate();

        (await waiting).Text.Should().Be("Hello, world!");
    }

    [Fact]
    [Scenario("prototype-killed-while-starting")]
    public async Task A_prototype_killed_while_the_application_is_loaded_fails_the_start()
    {
        var server = await LaunchGatedAsync();

        Signals.Send(server.Prototype.Pid, Signal.Kill);

        (await server.WaitForExitAsync()).ShouldBeApplicationMistake(Messages.At("site.ini", 7), Messages.Word("SIGKILL"));
        await server.AssertNothingLeftAsync();
    }

    [Fact]
    [Scenario("failed-start-ends-everything")]
    public async Task A_start_that_fails_ends_everything()
    {
        Site.Write("failing_app.py", "raise ValueError('cannot start')\n");
        Site.ProbeIni("module = failing_app", "processes = 4", "pidfile = site.pid", "http = site.sock");

        var server = Launch("site.ini");
        var outcome = await server.WaitForExitAsync();

        outcome.ExitCode.Should().Be(22, outcome.Output);
        await server.AssertNothingLeftAsync();
        File.Exists(Site.PathOf("site.pid")).Should().BeFalse();
        File.Exists(Site.PathOf("site.sock")).Should().BeFalse();
    }

    private async Task<OneServeProcess> LaunchGatedAsync()
    {
        Site.WriteGatedApp();
        Site.ProbeIni("module = gated");
        var server = Launch("site.ini");
        await Site.WaitImportingAsync();
        await server.WaitListeningAsync();
        return server;
    }
}
