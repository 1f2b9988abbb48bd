using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>What a view may do to its process, and what others may do to processes: it costs one request at most.</summary>
public sealed class ContainmentScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private const int Neighbours = 4;

    [Theory]
    [Scenario("views-that-misbehave-cost-one-request")]
    [InlineData("/recurse", 500)]
    [InlineData("/sysexit", 500)]
    [InlineData("/memory", 500)]
    [InlineData("/fork", 200)]
    [InlineData("/cut", 200)]
    [InlineData("/noise", 200)]
    [InlineData("/exit", 502)]
    [InlineData("/segv", 502)]
    [InlineData("/close", 200, 502)]
    public async Task A_view_that_misbehaves_costs_its_own_request_at_most(string target, params int[] statuses)
    {
        var server = await StartDeathsAsync("processes = 2", "threads = 2");
        await using var load = Load.Start(Site.EndPoint, "/pid", Neighbours);
        await load.AdvanceAsync(50);

        for (int time = 0; time < 3; time++)
        {
            statuses.Should().Contain((await server.PostAsync(target, [])).Status);
            await Poll.Until(() => server.Workers.Count == 2, "there are two workers");
            await load.AdvanceAsync(50);
        }

        await load.StopAsync();
        load.Failures.Should().BeEmpty("what its other thread had was a GET, and was run again");
    }

    [Fact]
    [Scenario("any-signal-costs-one-request")]
    public async Task Any_signal_costs_the_request_of_its_process_alone()
    {
        var server = await StartDeathsAsync("processes = 4");
        await using var load = Load.Start(Site.EndPoint, "/pid", Neighbours);
        await load.AdvanceAsync(50);

        foreach (int signal in (int[])[1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 13, 14, 15, 24, 34, 64])
        {
            (await server.PostAsync($"/signal/{signal}", [])).Status.Should().BeOneOf([200, 502], $"signal {signal}");
            await Poll.Until(() => server.Workers.Count == 4, "there are four workers");
            await load.AdvanceAsync(10);
        }

        await load.StopAsync();
        load.Failures.Should().BeEmpty();
    }

    [Fact]
    [Scenario("stopped-worker-is-killed-by-harakiri")]
    public async Task A_worker_that_somebody_has_stopped_ends_by_harakiri()
    {
        var server = await StartDeathsAsync("processes = 2", "harakiri = 2");
        int[] before = await server.WorkersAsync(2);

        var stopped = server.PostAsync("/signal/19", []);
        (await server.GetAsync("/pid")).Status.Should().Be(200, "the other one goes on");

        (await stopped).Status.Should().Be(504);
        await Poll.Until(() => server.Workers.Count == 2 && server.Workers.Count(worker => before.Contains(worker.Pid)) == 1, "it has been replaced");
        (await server.GetAsync("/pid")).Status.Should().Be(200);
    }

    [Theory]
    [Scenario("stopped-processes-go-on-when-continued")]
    [InlineData("gateway")]
    [InlineData("prototype")]
    [InlineData("worker")]
    [InlineData("master")]
    public async Task A_process_that_is_stopped_for_a_while_loses_no_request(string which)
    {
        var server = await StartDeathsAsync("processes = 2");
        int[] workers = await server.WorkersAsync(2);
        int pid = which switch
        {
            "gateway" => server.Gateway.Pid,
            "prototype" => server.Prototype.Pid,
            "worker" => workers[0],
            _ => server.Pid,
        };
        await using var load = Load.Start(Site.EndPoint, "/pid", Neighbours);
        await load.AdvanceAsync(50);

        Signals.Send(pid, Signal.Stop);
        await Poll.Until(() => ProcessTable.Read(pid) is { State: 'T' }, "it has stopped");
        if (which != "gateway")
            await load.AdvanceAsync(20);
        Signals.Send(pid, Signal.Cont);

        await load.AdvanceAsync(200);
        await load.StopAsync();
        load.Failures.Should().BeEmpty();
        server.Processes.Should().HaveCount(5);
    }

    [Fact]
    [Scenario("crash-loop-answers-503")]
    public async Task A_crash_loop_is_answered_503_until_it_ends()
    {
        var server = await StartDeathsAsync();
        int rest = 0;
        await Poll.Until(
            async () =>
            {
                var reply = await server.PostAsync("/exit", []);
                reply.Status.Should().BeOneOf(502, 503);
                rest = reply.Status == 503 ? int.Parse(reply["Retry-After"]!) : 0;
                rest.Should().BeInRange(reply.Status == 503 ? 1 : 0, 5);
                return rest > 2;
            },
            "the next process is started after some seconds only");

        (await server.GetAsync("/pid")).Status.Should().Be(503, "nobody waits for it");
        server.Workers.Should().BeEmpty("it has not been started when that is answered");
        await Poll.Until(async () => (await server.GetAsync("/pid")).Status == 200, "it is tried again");
    }

    [Fact]
    [Scenario("full-disk-refuses-bodies-alone")]
    public async Task A_full_disk_refuses_large_bodies_and_nothing_else()
    {
        Site.Write("full.sh", "mount -t tmpfs -o size=64k full \"$TMPDIR\" && head -c 65536 /dev/zero > \"$TMPDIR/full\" 2>/dev/null\nexec \"$@\"\n");
        Site.ProbeIni();
        var server = LaunchProgram("unshare", "--mount", "sh", "full.sh", Repository.Executable, "site.ini");
        await server.WaitReadyAsync();

        (await server.PostAsync("/echo", new byte[1_000_000])).Status.Should().Be(500);

        await server.WaitForLineAsync(new("bodies find no room in .* No space left on device"));
        (await server.PostAsync("/echo", new byte[10_000])).Body.Should().HaveCount(10_000);
        (await server.GetAsync("/hello")).Status.Should().Be(200);
    }

    [Theory]
    [Scenario("scarce-resources-are-explained")]
    [InlineData("--nofile=16", "may have 16 open files only")]
    [InlineData("--nofile=20", "may have 20 open files only")]
    [InlineData("--nofile=24", "may have 24 open files only")]
    [InlineData("--as=100000000", "95 MB of address space")]
    [InlineData("--as=400000000", "381 MB of address space")]
    public async Task A_start_within_too_narrow_limits_says_which(string limit, string words)
    {
        Site.ProbeIni();
        var outcome = await LaunchProgram("prlimit", limit, Repository.Executable, "site.ini").WaitForExitAsync();

        outcome.ExitCode.Should().Be(1);
        outcome.Output.Should().Contain(words).And.NotContain("   at ");
    }

    private Task<OneServeProcess> StartDeathsAsync(params string[] lines)
    {
        Site.CopyApp("deaths.py");
        Site.ProbeIni(["module = deaths", .. lines]);
        return StartAsync("site.ini");
    }
}
