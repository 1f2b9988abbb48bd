using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

public sealed class ReloadScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Fact]
    [Scenario("reload-keeps-connections")]
    public async Task A_reload_keeps_connections_and_lets_slow_requests_finish()
    {
        Site.Write("VERSION", "1");
        Site.ProbeIni("processes = 2");
        var server = await StartAsync("site.ini");
        await using var connection = await server.ConnectAsync();
        (await connection.RequestAsync("GET", "/version")).Text.Should().Be("1");
        var slow = server.GetAsync("/sleep?ms=2500&note=working");
        await Poll.Until(() => File.Exists(Site.PathOf("working")), "the application works on the slow request");

        Site.Write("VERSION", "2");
        server.Send(Signal.Hup);
        await Poll.Until(async () => (await server.GetAsync("/version")).Text == "2", "the new version answers");

        (await connection.RequestAsync("GET", "/version")).Text.Should().Be("2", "the same connection reaches the new generation");
        (await slow).Text.Should().Be("slept");
    }

    [Fact]
    [Scenario("reload-mercy-is-limited")]
    public async Task A_request_of_before_the_reload_has_the_time_that_the_file_says()
    {
        Site.ProbeIni("processes = 1", "worker-reload-mercy = 1", "reload-canary = 0", "retry-requests = false");
        var server = await StartAsync("site.ini");
        var slow = server.GetAsync("/sleep?ms=30000&note=working");
        await Poll.Until(() => File.Exists(Site.PathOf("working")), "the application works on the slow request");

        server.Send(Signal.Hup);

        (await slow).Status.Should().Be(502);
        await server.WaitForLineAsync(new Regex("1 workers from before the reload still work after 1 s"));
        (await server.GetAsync("/hello")).Status.Should().Be(200);
    }

    [Fact]
    [Scenario("broken-reload-keeps-the-old")]
    public async Task A_reload_of_broken_code_keeps_what_runs()
    {
        Site.Write("site_app.py", "from probe import application\n");
        Site.ProbeIni("module = site_app");
        var server = await StartAsync("site.ini");

        Site.Write("site_app.py", "from probe import application\nraise RuntimeError('broken on purpose')\n");
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.Word("RuntimeError: broken on purpose"));

        Messages.Traceback.IsMatch(server.Log.Text).Should().BeTrue();
        await server.WaitForLineAsync(Messages.ReloadFailed);
        (await server.GetAsync("/hello")).Text.Should().Be("Hello, world!");

        Site.Write("site_app.py", "from probe import other as application\n");
        server.Send(Signal.Hup);
        await Poll.Until(async () => (await server.GetAsync("/")).Text == "the other callable", "the repaired code answers");
    }

    [Theory]
    [Scenario("broken-configuration-keeps-the-old")]
    [InlineData("processes = many")]
    [InlineData("home = nowhere")]
    [InlineData("http = 256.0.0.1:8000")]
    [InlineData("module = nowhere")]
    public async Task A_reload_of_a_broken_file_keeps_what_runs(string line)
    {
        Site.ProbeIni("processes = 1");
        var server = await StartAsync("site.ini");
        int[] workers = [.. server.Workers.Select(worker => worker.Pid)];

        Site.ProbeIni(line);
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.ReloadFailed);
        await server.WaitForLineAsync(Messages.At("site.ini", 7));

        (await server.GetAsync("/hello")).Status.Should().Be(200);
        server.Workers.Select(worker => worker.Pid).Should().Equal(workers);
        Site.ProbeIni("processes = 2");
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.Reloaded);
        await Poll.Until(() => server.Workers.Count == 2, "the repaired file holds");
    }

    [Fact]
    [Scenario("changed-configuration-is-taken-over")]
    public async Task A_reload_takes_over_changed_maps_processes_and_listeners()
    {
        int second = Ports.Next();
        Site.Write("old/a.txt", "the old directory");
        Site.Write("new/a.txt", "the new directory");
        Site.ProbeIni("static-map = /static=old", "http = site.sock");
        var server = await StartAsync("site.ini");
        await using var connection = await server.ConnectAsync();
        (await connection.RequestAsync("GET", "/static/a.txt")).Text.Should().Be("the old directory");

        Site.ProbeIni("static-map = /static=new", "processes = 3", $"http = 127.0.0.1:{second}", "env = CHANGED=yes");
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.Reloaded);

        (await connection.RequestAsync("GET", "/static/a.txt")).Text.Should().Be("the new directory", "the same connection sees the new map");
        (await RawHttp.GetAsync(TestSite.At(second), "/process")).Json().GetProperty("variables").GetProperty("CHANGED").GetString().Should().Be("yes");
        await Poll.Until(() => server.Workers.Count == 3, "the old worker has gone, three new ones are there");
        await Poll.Until(() => !File.Exists(Site.PathOf("site.sock")), "what is no longer listened on is closed");
    }

    [Fact]
    [Scenario("reload-while-starting-comes-later")]
    public async Task A_reload_asked_for_during_the_start_follows_it()
    {
        Site.WriteGatedApp();
        Site.ProbeIni("module = gated");
        var server = Launch("site.ini");
        await Site.WaitImportingAsync();

        server.Send(Signal.Hup);
        Site.OpenGate();

        await server.WaitForLineAsync(Messages.Reloaded);
        (await server.GetAsync("/hello")).Status.Should().Be(200);
    }

    [Fact]
    [Scenario("reload-during-a-reload-follows")]
    public async Task A_reload_asked_for_during_a_reload_follows_it()
    {
        Site.Write("VERSION", "1");
        var server = await StartReloadOfGatedAsync();
        (await server.GetAsync("/version")).Text.Should().Be("1", "the old code serves while the new is loaded");

        server.Send(Signal.Hup);
        Site.OpenGate();

        await Poll.Until(() => server.Log.Lines.Count(Messages.Reloaded.IsMatch) == 2, "both reloads have been done");
        (await server.GetAsync("/hello")).Status.Should().Be(200);
    }

    [Fact]
    [Scenario("stop-during-a-reload")]
    public async Task A_stop_during_a_reload_does_not_wait_for_it()
    {
        var server = await StartReloadOfGatedAsync("worker-reload-mercy = 60");

        (await server.StopAsync()).ExitCode.Should().Be(0, "what has never answered has nothing to finish: nobody waits for its time");
    }

    [Fact]
    [Scenario("gateway-killed-during-a-reload")]
    public async Task A_gateway_killed_during_a_reload_holds_nothing_up()
    {
        Site.Write("VERSION", "1");
        var server = await StartReloadOfGatedAsync();
        var victim = server.Gateway;
        Signals.Send(victim.Pid, Signal.Kill);
        await Poll.Until(() => server.Processes.All(entry => entry.Pid != victim.Pid), "the gateway has gone");
        (await server.GetAsync("/version")).Text.Should().Be("1");

        Site.Write("VERSION", "2");
        Site.OpenGate();

        await server.WaitForLineAsync(Messages.Reloaded);
        (await server.GetAsync("/version")).Text.Should().Be("2");
    }

    /// <summary>A server that runs, and imports its application anew until the gate is opened.</summary>
    private async Task<OneServeProcess> StartReloadOfGatedAsync(params string[] lines)
    {
        Site.WriteGatedApp();
        Site.OpenGate();
        Site.ProbeIni(["module = gated", .. lines]);
        var server = await StartAsync("site.ini");
        Site.CloseGate();
        server.Send(Signal.Hup);
        await Site.WaitImportingAsync();
        return server;
    }
}
