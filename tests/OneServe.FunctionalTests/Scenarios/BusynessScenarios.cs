using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>What the algorithm `busyness` goes by, option by option; its rounds are of one second.</summary>
[Collection(nameof(AloneCollection))]
public sealed class BusynessScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Fact]
    [Scenario("busyness-has-bounds")]
    public async Task Busyness_keeps_between_its_bounds()
    {
        var server = await StartAsync(
            "cheaper-initial = 2", "cheaper-busyness-max = 100", "cheaper-busyness-min = 90", "cheaper-busyness-multiplier = 3");

        // The third round is the first that counts: the request has been in work for all of it.
        var request = server.GetAsync("/gate");

        await server.WaitForLineAsync(new Regex(@"Workers: 2 -> 1 \(busyness [3-6]\d %\)"));
        await server.WaitForLineAsync(new Regex(@"Workers: 1, busyness (9\d|100) %"));
        Site.OpenGate();
        (await request).Status.Should().Be(200);
        server.Log.Text.Should().NotContain("1 -> 2", "100 % is not more than 100 %");
    }

    [Fact]
    [Scenario("busyness-learns-from-a-worker-that-is-missed")]
    public async Task A_worker_that_is_missed_soon_makes_the_next_one_stay_longer()
    {
        const int calm = 6;
        var server = await StartAsync("cheaper-initial = 2", $"cheaper-busyness-multiplier = {calm}", "cheaper-busyness-penalty = 1000");
        await server.WaitForLineAsync(new Regex("Workers: 2 -> 1"));

        var request = server.GetAsync("/gate");
        await server.WaitForLineAsync(new Regex("Workers: 1 -> 2"));
        Site.OpenGate();
        (await request).Status.Should().Be(200);

        int CalmRounds() => Regex.Count(server.Log.Text, @"Workers: \d, busyness 0 %");
        int before = CalmRounds();
        await Poll.Until(() => CalmRounds() >= before + calm + 2, "more calm rounds have passed than would do without the penalty");
        server.Workers.Should().HaveCountGreaterThan(1);
    }

    [Fact]
    [Scenario("workers-for-a-queue-go-soon")]
    public async Task Workers_that_came_for_a_queue_go_after_fewer_calm_rounds()
    {
        var server = await StartAsync(
            "cheaper-busyness-max = 100",
            "cheaper-busyness-multiplier = 1000",
            "cheaper-busyness-backlog-alert = 1",
            "cheaper-busyness-backlog-multiplier = 2");

        var requests = Enumerable.Range(0, 3).Select(_ => server.GetAsync("/gate")).ToArray();

        await server.WaitForLineAsync(new Regex(@"Workers: 1 -> 2 \(2 requests wait\)"));
        Site.OpenGate();
        (await Task.WhenAll(requests)).Should().OnlyContain(reply => reply.Status == 200);
        await server.WaitForLineAsync(new Regex("Workers: 2 -> 1"));
    }

    [Fact]
    [Scenario("queue-that-stays-adds-a-worker")]
    public async Task A_queue_that_stays_adds_a_worker_however_short_it_is()
    {
        var server = await StartAsync("cheaper-busyness-max = 100", "cheaper-busyness-backlog-nonzero = 2");

        var requests = Enumerable.Range(0, 2).Select(_ => server.GetAsync("/gate")).ToArray();

        await server.WaitForLineAsync(new Regex(@"Workers: 1 -> 2 \(requests have been waiting for 2 s\)"));
        Site.OpenGate();
        (await Task.WhenAll(requests)).Should().OnlyContain(reply => reply.Status == 200);
    }

    private new Task<OneServeProcess> StartAsync(params string[] lines)
    {
        Site.ProbeIni(["processes = 4", "cheaper = 1", "cheaper-algo = busyness", "cheaper-overload = 1", "cheaper-busyness-verbose = true", .. lines]);
        return base.StartAsync("site.ini");
    }
}
