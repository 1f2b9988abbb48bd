using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

public sealed class KillScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Fact]
    [Scenario("processes-have-titles")]
    public async Task Processes_have_telling_titles_and_the_master_as_parent()
    {
        var server = await StartPairAsync();

        ProcessTable.Read(server.Pid)!.Title.Should().EndWith("oneserve site.ini");
        server.Workers.Select(worker => worker.Title).Should().Equal("oneserve: worker 1", "oneserve: worker 2");
        server.Workers.Append(server.Gateway).Append(server.Prototype).Should().OnlyContain(entry => entry.Parent == server.Pid);
        server.Processes.Should().HaveCount(5);
    }

    [Fact]
    [Scenario("killed-worker-is-replaced")]
    public async Task A_killed_worker_is_replaced()
    {
        var server = await StartPairAsync();
        var victim = server.Workers[0];

        Signals.Send(victim.Pid, Signal.Kill);

        await Poll.Until(
            () => server.Workers is [{ WorkerNumber: 1 } first, { WorkerNumber: 2 }] && first.Pid != victim.Pid, "a new worker 1 stands in beside worker 2");
        await AssertServesAndStopsAsync(server);
    }

    [Theory]
    [Scenario("worker-that-dies-answers-502")]
    [InlineData("POST", "/crash")]
    [InlineData("GET", "/crash")]
    [InlineData("POST", "/exit")]
    public async Task A_request_whose_worker_dies_is_answered_502(string method, string target)
    {
        var server = await StartPairAsync();
        await using var connection = await server.ConnectAsync();

        var reply = await connection.RequestAsync(method, target, method == "POST" ? [] : null);

        reply.Status.Should().Be(502);
        (await server.GetAsync("/hello")).Status.Should().Be(200);
        await Poll.Until(() => server.Workers.Count == 2, "the workers are replaced");
        await AssertServesAndStopsAsync(server);
    }

    [Theory]
    [Scenario("death-is-told")]
    [InlineData("/segv", "SIGSEGV", "crash_in_c")]
    [InlineData("/abort", "SIGABRT", "application")]
    [InlineData("/exit", "exit", "")]
    public async Task A_death_is_told_with_its_request_its_cause_and_its_stack(string target, string how, string function)
    {
        Site.CopyApp("deaths.py");
        Site.ProbeIni("module = deaths", "processes = 2");
        var server = await StartAsync("site.ini");

        (await server.PostAsync(target, [])).Status.Should().Be(502);

        await server.WaitForLineAsync(new Regex($"Worker [12] \\(pid \\d+\\) .*{how}"));
        await server.WaitForLineAsync(new Regex($"POST {target} was with a worker that died, for .* s: it is answered 502"));
        if (function.Length > 0)
            await server.WaitForLineAsync(new Regex($"deaths.py\", line \\d+ in {function}"));
        (await server.GetAsync("/pid")).Status.Should().Be(200);
    }

    [Theory]
    [Scenario("retry-can-be-switched-off")]
    [InlineData("true", 2)]
    [InlineData("false", 1)]
    public async Task A_request_that_may_be_repeated_is_run_once_more_unless_told_not_to(string retries, int deaths)
    {
        Site.CopyApp("deaths.py");
        Site.ProbeIni("module = deaths", "processes = 2", $"retry-requests = {retries}");
        var server = await StartAsync("site.ini");

        (await server.GetAsync("/exit")).Status.Should().Be(502);

        await Poll.Until(() => server.Log.Lines.Count(line => line.Contains("it is answered 502", StringComparison.Ordinal)) == 1, "the end is told");
        server.Log.Lines.Count(line => line.Contains("it is run once more", StringComparison.Ordinal)).Should().Be(deaths - 1);
        await Poll.Until(() => server.Workers.Count == 2, "both are there again");
    }

    [Fact]
    [Scenario("killed-gateway-is-replaced")]
    public async Task A_killed_gateway_is_replaced_and_the_workers_live_on()
    {
        var server = await StartPairAsync();
        var victim = server.Gateway;
        int[] workers = [.. server.Workers.Select(worker => worker.Pid)];

        Signals.Send(victim.Pid, Signal.Kill);
        await Poll.Until(() => server.Processes.All(entry => entry.Pid != victim.Pid), "the gateway has gone");

        (await server.GetAsync("/hello")).Status.Should().Be(200, "the listening socket is the master's: nobody is refused");
        server.Gateway.Pid.Should().NotBe(victim.Pid);
        server.Workers.Select(worker => worker.Pid).Should().Equal(workers, "no request of theirs, no cache and no connection to a database is lost");
        await AssertServesAndStopsAsync(server);
    }

    [Fact]
    [Scenario("stopped-gateway-is-replaced")]
    public async Task A_gateway_that_somebody_has_stopped_is_replaced()
    {
        Site.ProbeIni("http-processes = 2");
        var server = await StartAsync("site.ini");
        var victim = server.Gateway;

        Signals.Send(victim.Pid, Signal.Stop);
        await server.WaitForLineAsync(new Regex($"The gateway \\(pid {victim.Pid}\\) has not answered for 15 s: it is killed"), TimeSpan.FromSeconds(30));

        (await server.GetAsync("/hello")).Status.Should().Be(200);
        server.Gateway.Pid.Should().NotBe(victim.Pid);
        await AssertServesAndStopsAsync(server);
    }

    [Fact]
    [Scenario("killed-prototype-is-replaced")]
    public async Task A_killed_prototype_is_replaced()
    {
        var server = await StartPairAsync();
        var victim = server.Prototype;
        int[] workers = [.. server.Workers.Select(worker => worker.Pid)];

        Signals.Send(victim.Pid, Signal.Kill);
        await Poll.Until(() => server.Processes.All(entry => entry.Pid != victim.Pid), "the prototype has gone");

        (await server.GetAsync("/hello")).Status.Should().Be(200);
        server.Workers.Select(worker => worker.Pid).Should().Equal(workers, "the workers go on");
        var worker = server.Workers[0];
        Signals.Send(worker.Pid, Signal.Kill);
        await Poll.Until(() => server.Workers.Count == 2 && server.Workers.All(entry => entry.Pid != worker.Pid), "workers are still replaced");
        (await server.GetAsync("/hello")).Status.Should().Be(200);
        await AssertServesAndStopsAsync(server);
    }

    [Fact]
    [Scenario("killed-master-leaves-no-process")]
    public async Task A_killed_master_takes_every_process_with_it()
    {
        var server = await StartPairAsync();
        await using var busy = await server.ConnectAsync();
        await busy.SendAsync("GET /spin HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await Poll.Until(() => File.Exists(Site.PathOf("spinning")), "one worker spins and holds the interpreter's lock");
        server.Processes.Should().HaveCount(5);

        Signals.Send(server.Pid, Signal.Kill);

        await server.WaitForExitAsync();
        await server.AssertNothingLeftAsync();
    }

    [Fact]
    [Scenario("start-after-a-kill-recovers")]
    public async Task The_next_start_recovers_from_what_a_kill_left()
    {
        Site.ProbeIni("http = site.sock", "pidfile = site.pid");
        var killed = await StartAsync("site.ini");
        Signals.Send(killed.Pid, Signal.Kill);
        await killed.WaitForExitAsync();
        await killed.AssertNothingLeftAsync();
        File.Exists(Site.PathOf("site.sock")).Should().BeTrue("nobody could remove it");

        var next = await StartAsync("site.ini");

        (await RawHttp.GetAsync(Site.UnixEndPoint("site.sock"), "/hello")).Status.Should().Be(200);
        (await File.ReadAllTextAsync(Site.PathOf("site.pid"))).Trim().Should().Be(next.Pid.ToString());
        await next.StopAsync();
        File.Exists(Site.PathOf("site.sock")).Should().BeFalse();
        File.Exists(Site.PathOf("site.pid")).Should().BeFalse();
    }

    private async Task<OneServeProcess> StartPairAsync()
    {
        Site.ProbeIni("processes = 2", "pidfile = site.pid", "http = site.sock");
        var server = await StartAsync("site.ini");
        await Poll.Until(() => server.Processes.Count == 5 && server.Workers.Count == 2, "master, gateway, prototype and two workers");
        return server;
    }

    private async Task AssertServesAndStopsAsync(OneServeProcess server)
    {
        server.HasExited.Should().BeFalse("the master lives");
        for (int request = 0; request < 20; request++)
        {
            (await server.GetAsync("/hello")).Status.Should().Be(200);
        }

        (await server.StopAsync()).ExitCode.Should().Be(0);
        File.Exists(Site.PathOf("site.pid")).Should().BeFalse();
        File.Exists(Site.PathOf("site.sock")).Should().BeFalse();
    }
}
