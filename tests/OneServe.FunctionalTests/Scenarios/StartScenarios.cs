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
        Site.Write("slow_app.py", """
            import os, time
            while not os.path.exists("gate"):
                time.sleep(0.01)
            from probe import application
            """);
        Site.ProbeIni("module = slow_app", "static-map = /static=static");
        var server = Launch("site.ini");
        await server.WaitListeningAsync();

        var waiting = server.GetAsync("/hello");
        (await server.GetAsync("/static/a.txt")).Text.Should().Be("a file");
        waiting.IsCompleted.Should().BeFalse("the application is still being loaded");
        Site.Write("gate", "");

        (await waiting).Text.Should().Be("Hello, world!");
    }

    [Fact]
    [Scenario("stop-while-starting")]
    public async Task A_stop_while_the_application_is_loaded_ends_everything()
    {
        Site.Write("stuck_app.py", """
            import time
            open("importing", "w").close()
            time.sleep(60)
            """);
        Site.ProbeIni("module = stuck_app");
        var server = Launch("site.ini");
        await Poll.Until(() => File.Exists(Site.PathOf("importing")), "the application is being imported");

        await server.StopAsync();
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
}
