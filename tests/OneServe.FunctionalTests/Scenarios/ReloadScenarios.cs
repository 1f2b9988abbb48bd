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

    [Fact]
    [Scenario("broken-configuration-keeps-the-old")]
    public async Task A_reload_of_a_broken_file_keeps_what_runs()
    {
        Site.ProbeIni("processes = 1");
        var server = await StartAsync("site.ini");

        Site.ProbeIni("processes = many");
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.At("site.ini", 7));

        (await server.GetAsync("/hello")).Status.Should().Be(200);
        Site.ProbeIni("processes = 2");
        server.Send(Signal.Hup);
        await Poll.Until(() => server.Workers.Count == 2, "the repaired file holds");
    }
}
