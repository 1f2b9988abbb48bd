using System.Diagnostics;
using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

public sealed class HarakiriScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Theory]
    [Scenario("harakiri-answers-504-and-shows-the-stack")]
    [InlineData("/wait", "wait_for_ever")]
    [InlineData("/gil", "hold_the_lock")]
    public async Task A_request_that_runs_too_long_is_answered_504_and_its_stack_is_shown(string target, string function)
    {
        Site.CopyApp("deaths.py");
        Site.ProbeIni("module = deaths", "processes = 2", "harakiri = 1");
        var server = await StartAsync("site.ini");
        int[] before = await server.WorkersAsync(2);
        var watch = Stopwatch.StartNew();

        var stuck = server.GetAsync(target);
        (await server.GetAsync("/pid")).Status.Should().Be(200, "the other worker goes on");
        var reply = await stuck;

        reply.Status.Should().Be(504);
        watch.Elapsed.Should().BeGreaterThan(TimeSpan.FromSeconds(1));
        await server.WaitForLineAsync(new Regex($"GET {target} has run for .* s in worker [12] .*harakiri"));
        await server.WaitForLineAsync(new Regex($"deaths.py\", line \\d+ in {function}"));
        await Poll.Until(
            () => server.Workers.Count == 2 && server.Workers.Count(worker => before.Contains(worker.Pid)) == 1, "that worker alone is replaced");
        (await server.GetAsync("/pid")).Status.Should().Be(200);
        server.Log.Text.Should().NotContain("run once more");
    }

    [Fact]
    [Scenario("harakiri-lets-neighbours-finish")]
    public async Task The_other_threads_of_the_process_finish_what_they_have()
    {
        Site.CopyApp("deaths.py");
        Site.ProbeIni("module = deaths", "threads = 2", "harakiri = 30");
        var server = await StartAsync("site.ini");
        int before = (await server.WorkersAsync(1))[0];
        var neighbour = server.GetAsync("/gate");
        await Poll.Until(() => File.Exists(Site.PathOf("waiting")), "the neighbour is in work");

        (await server.GetAsync("/limit")).Status.Should().Be(504);
        Site.OpenGate();

        (await neighbour).Text.Should().Be($"{before}", "its time has not come");
        await Poll.Until(() => server.Workers is [{ } next] && next.Pid != before, "the process is replaced");
    }
}
