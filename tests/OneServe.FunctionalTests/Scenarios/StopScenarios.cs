using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

public sealed class StopScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Theory]
    [Scenario("stop-finishes-requests")]
    [InlineData((int)Signal.Term)]
    [InlineData((int)Signal.Int)]
    [InlineData((int)Signal.Quit)]
    public async Task A_stop_lets_requests_finish_and_leaves_nothing(int signal)
    {
        Site.ProbeIni("processes = 2", "threads = 2", "pidfile = site.pid", "http = site.sock");
        var server = await StartAsync("site.ini");
        (await File.ReadAllTextAsync(Site.PathOf("site.pid"))).Trim().Should().Be(server.Pid.ToString());
        var requests = await InFlightAsync(server, 4, 1500);

        server.Send((Signal)signal);

        foreach (var reply in await Task.WhenAll(requests))
        {
            reply.Status.Should().Be(200);
            reply.Text.Should().Be("slept");
        }

        var outcome = await server.WaitForExitAsync(OneServeProcess.StopLimit);
        outcome.ExitCode.Should().Be(0);
        await server.AssertNothingLeftAsync();
        File.Exists(Site.PathOf("site.pid")).Should().BeFalse("vacuum removes the pidfile");
        File.Exists(Site.PathOf("site.sock")).Should().BeFalse("vacuum removes the socket");
    }

    /// <summary>A shell ignores INT and QUIT for what it starts in the background, nohup ignores HUP.</summary>
    [Fact]
    [Scenario("signals-ignored-before-are-heard")]
    public async Task Signals_that_were_ignored_before_the_start_are_heard()
    {
        Site.ProbeIni();
        var server = LaunchProgram("/usr/bin/env", "--ignore-signal=INT,QUIT,HUP", Repository.Executable, "site.ini");
        await server.WaitReadyAsync();

        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.Reloaded);
        server.Send(Signal.Int);

        (await server.WaitForExitAsync(OneServeProcess.StopLimit)).ExitCode.Should().Be(0);
    }

    [Fact]
    [Scenario("stop-ends-within-its-grace")]
    public async Task A_request_that_does_not_end_is_cut_after_the_grace()
    {
        Site.ProbeIni();
        var server = await StartAsync("site.ini");
        var hanging = await InFlightAsync(server, 1, 60_000);

        server.Send(Signal.Term);
        var clock = Stopwatch.StartNew();
        await Poll.Until(() => server.HasExited, "the server has ended", OneServeProcess.StopLimit);
        var taken = clock.Elapsed;

        taken.Should().BeLessThan(TimeSpan.FromSeconds(10), "a container engine kills after 10 s");
        taken.Should().BeGreaterThan(TimeSpan.FromSeconds(5), "the request had its time");
        await SwallowAsync(hanging);
    }

    [Theory]
    [Scenario("stop-refuses-new-clients")]
    [InlineData(1)]
    [InlineData(2)]
    public async Task New_clients_are_refused_while_a_stop_finishes_requests(int loops)
    {
        Site.ProbeIni("worker-reload-mercy = 60", $"http-processes = {loops}", "http = site.sock");
        var server = await StartAsync("site.ini");
        var held = server.GetAsync("/gate?note=working");
        await Poll.Until(() => File.Exists(Site.PathOf("working")), "a request is in work");

        server.Send(Signal.Term);

        await Poll.Until(async () => await IsRefusedAsync(Site.EndPoint), "nobody waits for the end of the stop over TCP");
        await Poll.Until(async () => await IsRefusedAsync(new UnixDomainSocketEndPoint(Site.PathOf("site.sock"))), "nor at a UNIX socket");
        Site.OpenGate();
        (await held).Status.Should().Be(200);
        (await server.WaitForExitAsync(OneServeProcess.StopLimit)).ExitCode.Should().Be(0);
    }

    [Fact]
    [Scenario("second-signal-stops-at-once")]
    public async Task A_second_signal_stops_at_once()
    {
        Site.ProbeIni("worker-reload-mercy = 60");
        var server = await StartAsync("site.ini");
        var hanging = await InFlightAsync(server, 1, 60_000);

        server.Send(Signal.Term);
        await server.WaitForLineAsync(Messages.Word("Stopping (SIGTERM)"));
        server.Send(Signal.Term);

        await Poll.Until(() => server.HasExited, "it has ended long before its time", OneServeProcess.StopLimit);
        await SwallowAsync(hanging);
    }

    [Fact]
    [Scenario("idle-connections-do-not-delay-a-stop")]
    public async Task Idle_connections_do_not_delay_a_stop()
    {
        Site.ProbeIni("worker-reload-mercy = 60");
        var server = await StartAsync("site.ini");
        await using var idle = await server.ConnectAsync();
        await idle.RequestAsync("GET", "/hello");
        await using var silent = await server.ConnectAsync();

        (await server.StopAsync()).ExitCode.Should().Be(0, "it has ended long before its time");
    }

    /// <summary>Requests that are being worked on: the application has noted each.</summary>
    private async Task<Task<HttpReply>[]> InFlightAsync(OneServeProcess server, int count, int milliseconds)
    {
        var requests = Enumerable.Range(0, count).Select(number => server.GetAsync($"/sleep?ms={milliseconds}&note=working-{number}")).ToArray();
        await Poll.Until(
            () => Enumerable.Range(0, count).All(number => File.Exists(Site.PathOf($"working-{number}"))), "the application works on every request");
        return requests;
    }

    private static async Task<bool> IsRefusedAsync(EndPoint server)
    {
        using var client = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await client.ConnectAsync(server);
            return false;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }

    private static async Task SwallowAsync(Task<HttpReply>[] requests)
    {
        foreach (var request in requests)
        {
            var reply = request.ContinueWith(task => task.IsCompletedSuccessfully ? task.Result.Status : 0, TaskScheduler.Default);
            (await reply).Should().BeOneOf([0, 502, 503, 504], "it was cut or answered by an error");
        }
    }

    [Theory]
    [Scenario("process-1-of-a-container")]
    [InlineData((int)Signal.Term)]
    [InlineData((int)Signal.Int)]
    public async Task As_process_1_it_reaps_orphans_and_hears_signals(int signal)
    {
        Site.CopyApp("deaths.py");
        Site.ProbeIni("module = deaths", "pidfile = site.pid");
        var container = LaunchProgram("unshare", "--pid", "--fork", "--mount-proc", Repository.Executable, "site.ini");
        await container.WaitReadyAsync();
        (await File.ReadAllTextAsync(Site.PathOf("site.pid"))).Trim().Should().Be("1");
        int master = container.Processes.Single(entry => entry.Title.EndsWith("oneserve site.ini", StringComparison.Ordinal) && entry.Parent == container.Pid).Pid;

        for (int time = 0; time < 3; time++)
            (await container.GetAsync("/orphan")).Status.Should().Be(200);
        await Poll.Until(
            () => ProcessTable.Read().Where(entry => entry.Parent == master).All(entry => !entry.IsZombie && entry.Title.StartsWith("oneserve: ", StringComparison.Ordinal)),
            "the orphans have ended and are reaped");

        Signals.Send(master, (Signal)signal);
        (await container.WaitForExitAsync()).ExitCode.Should().Be(0);
        File.Exists(Site.PathOf("site.pid")).Should().BeFalse();
    }
}
