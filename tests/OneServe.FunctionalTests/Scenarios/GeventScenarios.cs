using System.Globalization;
using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>Workers that serve many requests at a time in greenlets, with the distribution's gevent.</summary>
public sealed class GeventScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private const int MiB = 1024 * 1024;

    [Theory]
    [Scenario("gevent-serves-500-slow-requests-at-once")]
    [InlineData(1, "gevent = 500")]
    [InlineData(2, "loop = gevent", "async = 250")]
    public async Task Five_hundred_views_that_sleep_are_in_work_at_once(int processes, params string[] lines)
    {
        var server = await StartGeventAsync([$"processes = {processes}", .. lines]);
        await server.WorkersAsync(processes);

        var replies = await AskTogetherAsync(server, 500);

        replies.Should().OnlyContain(reply => reply.Status == 200);
        replies.GroupBy(static reply => reply.Text).Select(static group => group.Count()).Should().HaveCount(processes)
            .And.OnlyContain(count => count == 500 / processes);
    }

    [Fact]
    [Scenario("gevent-patches-before-the-import")]
    public async Task The_standard_library_is_patched_before_the_application_is_imported_unless_that_is_switched_off()
    {
        var server = await StartGeventAsync("gevent = 10");
        (await server.GetAsync("/patched")).Text.Should().Be("True True");
        await server.StopAsync();

        Write("gevent = 10", "gevent-monkey-patch = false");
        server = await StartAsync("site.ini");
        (await server.GetAsync("/patched")).Text.Should().Be("False True");
        await server.StopAsync();

        Write("gevent = 10", "lazy-apps = true");
        (await (await StartAsync("site.ini")).GetAsync("/patched")).Text.Should().Be("True True");
    }

    [Fact]
    [Scenario("gevent-request-does-not-wait-for-a-busy-loop")]
    public async Task A_request_sent_to_a_loop_that_is_busy_is_taken_back_and_answered_by_another()
    {
        var server = await StartGeventAsync("processes = 2", "gevent = 10");
        await server.WorkersAsync(2);
        var spinning = server.GetAsync("/spin?for=gate");
        string busy = await NotedAsync("spinning", 1);
        // The other one has more to do: the next request goes to the busy one first, and from there to where it is taken.
        var waiting = AskAsync(server, "/wait?for=gate", 3);
        await NotedAsync("waiting", 3);

        var replies = await AskAsync(server, "/pid", 20);

        replies.Should().OnlyContain(reply => reply.Status == 200 && reply.Text != busy);
        Site.OpenGate();
        (await spinning).Text.Should().Be(busy);
        (await waiting).Should().OnlyContain(reply => reply.Status == 200);
        // Neither takes more than 10: both have to.
        var later = await AskTogetherAsync(server, 20);
        later.Count(reply => reply.Text == busy).Should().Be(10, "its loop answers again");
    }

    [Fact]
    [Scenario("gevent-killed-worker-costs-its-own-requests")]
    public async Task A_killed_worker_costs_its_own_requests_alone()
    {
        var server = await StartGeventAsync("processes = 2", "gevent = 10");
        await server.WorkersAsync(2);
        // Neither takes more than 10: both have two of the reads at least, and the one that the first write goes to has a write.
        var reads = AskAsync(server, "/wait?for=gate", 12);
        await NotedAsync("waiting", 12);
        var writes = Enumerable.Range(0, 8).Select(_ => server.PostAsync("/wait?for=gate", [1])).ToArray();
        await NotedAsync("waiting", 20);
        string[] takers = File.ReadAllLines(Site.PathOf("waiting"));
        string victim = takers[12];
        int lostReads = takers[..12].Count(taker => taker == victim);
        int lostWrites = takers[12..].Count(taker => taker == victim);

        Signals.Send(int.Parse(victim, CultureInfo.InvariantCulture), Signal.Kill);
        await NotedAsync("waiting", 20 + lostReads);
        Site.OpenGate();

        lostReads.Should().BePositive();
        (await reads).Should().OnlyContain(reply => reply.Status == 200 && reply.Text != victim);
        var answers = await Task.WhenAll(writes);
        answers.Count(static reply => reply.Status == 502).Should().Be(lostWrites);
        answers.Count(static reply => reply.Status == 200).Should().Be(8 - lostWrites);
        await Poll.Until(() => server.Workers.Count == 2 && server.Workers.All(worker => $"{worker.Pid}" != victim), "it is replaced");
    }

    [Fact]
    [Scenario("gevent-harakiri-shows-the-greenlet")]
    public async Task A_greenlet_that_runs_too_long_is_shown_and_its_neighbours_finish()
    {
        var server = await StartGeventAsync("gevent = 50", "harakiri = 30");
        int before = (await server.WorkersAsync(1))[0];
        var neighbours = AskAsync(server, "/wait?for=gate", 5);
        await NotedAsync("waiting", 5);

        (await server.GetAsync("/limit")).Status.Should().Be(504);
        await server.WaitForLineAsync(new Regex(@"GET /limit has run for .* s in worker 1 .*harakiri"));
        await server.WaitForLineAsync(new Regex("greenlets.py\", line \\d+, in wait"));
        Site.OpenGate();
        (await neighbours).Should().OnlyContain(reply => reply.Status == 200 && reply.Text == $"{before}");
        await Poll.Until(() => server.Workers is [{ } next] && next.Pid != before, "the process is replaced");
    }

    [Fact]
    [Scenario("gevent-harakiri-of-a-busy-loop")]
    public async Task A_request_that_holds_its_loop_is_ended_and_what_waits_behind_it_is_served()
    {
        var server = await StartGeventAsync("gevent = 50", "harakiri = 2");
        int before = (await server.WorkersAsync(1))[0];
        var stuck = server.GetAsync("/spin?for=never");
        await NotedAsync("spinning", 1);

        var behind = server.PostAsync("/echo", [65, 66]);

        (await stuck).Status.Should().Be(504);
        await server.WaitForLineAsync(new Regex("greenlets.py\", line \\d+ in spin"));
        (await behind).Text.Should().Be("AB", "it has never been run, so another process may run it");
        await Poll.Until(() => server.Workers is [{ } next] && next.Pid != before, "the process is replaced");
    }

    [Fact]
    [Scenario("gevent-reload-lets-greenlets-finish")]
    public async Task A_reload_lets_the_greenlets_finish()
    {
        var server = await StartGeventAsync("gevent = 50");
        int before = (await server.WorkersAsync(1))[0];
        var old = AskAsync(server, "/wait?for=gate", 30);
        await NotedAsync("waiting", 30);

        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.Reloaded);
        (await server.GetAsync("/pid")).Text.Should().NotBe($"{before}");
        Site.OpenGate();

        (await old).Should().OnlyContain(reply => reply.Status == 200 && reply.Text == $"{before}");
        await Poll.Until(() => server.Workers is [{ } next] && next.Pid != before, "the old one leaves");
    }

    [Fact]
    [Scenario("gevent-recycling-under-load-loses-nothing")]
    public async Task Workers_are_recycled_under_load_without_a_lost_request()
    {
        var server = await StartGeventAsync("processes = 2", "gevent = 50", "max-requests = 200", "min-worker-lifetime = 0");
        await using var load = Load.Start(Site.EndPoint, "/pid", 8);

        await Poll.Until(() => load.Bodies.Count >= 6 || !load.Failures.IsEmpty, "four workers have been replaced");
        await load.StopAsync();

        load.Failures.Should().BeEmpty();
        load.Bodies.Values.Sum().Should().Be(load.Completed);
    }

    [Fact]
    [Scenario("gevent-slow-reader-holds-nobody-up")]
    public async Task A_slow_reader_holds_neither_the_loop_nor_the_other_answers_up()
    {
        var server = await StartGeventAsync("gevent = 50", "response-buffer-limit = 3000000");
        await using var slow = await server.ConnectAsync();
        await slow.SendAsync("GET /whole?mb=40 HTTP/1.1\r\nHost: a\r\n\r\n");
        await slow.ReceiveHeadAsync();

        for (int i = 0; i < 3; i++)
        {
            (await server.GetAsync("/pid")).Status.Should().Be(200);
            (await server.GetAsync("/whole?mb=2")).Body.Should().HaveCount(2 * MiB);
        }

        File.ReadAllLines(Site.PathOf("produced")).Should().HaveCount(3, "the worker may be ahead of its client by some MB, not by 40");
        using var body = new MemoryStream();
        byte[]? chunk;
        while ((chunk = await slow.ReceiveChunkAsync()) is { Length: > 0 })
        {
            body.Write(chunk);
        }

        chunk.Should().NotBeNull();
        body.Length.Should().Be(40 * MiB);
        body.ToArray().Select(static (value, at) => value == (byte)at).Should().NotContain(false, "every byte is in its place");
    }

    [Fact]
    [Scenario("gevent-answers-are-not-mixed")]
    public async Task Streamed_answers_of_one_process_are_not_mixed_up()
    {
        var server = await StartGeventAsync("gevent = 50");

        var replies = await Task.WhenAll(Enumerable.Range(1, 12).Select(size => server.PostAsync("/echo", Filled(size))));

        for (int i = 0; i < replies.Length; i++)
        {
            replies[i].Body.Should().Equal(Filled(i + 1));
        }
    }

    [Fact]
    [Scenario("gevent-client-that-leaves-ends-its-answer")]
    public async Task A_client_that_leaves_ends_its_answer()
    {
        var server = await StartGeventAsync("gevent = 50");
        await using (var client = await server.ConnectAsync())
        {
            await client.SendAsync("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
            await client.ReceiveHeadAsync();
            client.Reset();
        }

        await NotedAsync("closed", 1);
        (await server.GetAsync("/pid")).Status.Should().Be(200);
    }

    [Fact]
    [Scenario("gevent-workers-outlive-the-gateway")]
    public async Task Workers_join_the_next_gateway()
    {
        var server = await StartGeventAsync("processes = 2", "gevent = 10");
        int[] before = await server.WorkersAsync(2);
        var lost = server.GetAsync("/wait?for=gate");
        await NotedAsync("waiting", 1);

        Signals.Send(server.Gateway.Pid, Signal.Kill);
        await lost.Invoking(static request => request).Should().ThrowAsync<Exception>("its connection was the gateway's");
        await server.WaitForLineAsync(new Regex("The gateway is up again"));
        Site.OpenGate();

        (await AskTogetherAsync(server, 20)).Should().OnlyContain(reply => reply.Status == 200);
        server.Workers.Select(static worker => worker.Pid).Should().BeEquivalentTo(before);
    }

    [Fact]
    [Scenario("gevent-request-that-waits-too-long-is-503")]
    public async Task A_request_that_finds_no_greenlet_in_time_is_answered_503()
    {
        var server = await StartGeventAsync("gevent = 2", "request-queue-timeout = 3");
        var working = AskAsync(server, "/wait?for=gate", 2);
        await NotedAsync("waiting", 2);

        (await server.GetAsync("/pid")).Status.Should().Be(503);

        Site.OpenGate();
        (await working).Should().OnlyContain(reply => reply.Status == 200);
        (await server.GetAsync("/pid")).Status.Should().Be(200);
    }

    [Fact]
    [Scenario("gevent-child-of-a-request-does-not-answer")]
    public async Task A_child_that_a_request_forks_neither_answers_nor_takes_requests()
    {
        var server = await StartGeventAsync("gevent = 50");
        string worker = $"{(await server.WorkersAsync(1))[0]}";

        for (int i = 0; i < 5; i++)
        {
            (await AskAsync(server, "/fork", 3)).Should().OnlyContain(reply => reply.Status == 200 && reply.Text == worker);
        }

        await Poll.Until(() => server.Processes.Count == 4, "the children end");
    }

    [Fact]
    [Scenario("gevent-wait-for-hub")]
    public async Task A_worker_that_leaves_waits_for_the_applications_own_greenlets_when_asked()
    {
        var server = await StartGeventAsync("gevent = 50", "gevent-wait-for-hub = true");
        int before = (await server.WorkersAsync(1))[0];
        (await server.GetAsync("/leave")).Status.Should().Be(200);
        await NotedAsync("waiting", 1);

        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.Reloaded);
        (await server.GetAsync("/pid")).Text.Should().NotBe($"{before}");
        Site.Write("later", "");

        (await NotedAsync("done", 1)).Should().Be($"{before}");
        await Poll.Until(() => server.Workers is [{ } next] && next.Pid != before, "then it leaves");
    }

    [Fact]
    [Scenario("gevent-request-has-its-own-uwsgi")]
    public async Task The_module_uwsgi_knows_which_greenlet_asks()
    {
        var server = await StartGeventAsync("gevent = 50");

        var replies = await Task.WhenAll(server.GetAsync("/remember?name=one"), server.GetAsync("/remember?name=two"));
        replies.Select(static reply => reply.Text).Should().Equal("one", "two");

        var others = AskAsync(server, "/wait?for=gate", 3);
        (await server.GetAsync("/limit")).Status.Should().Be(504, "it has set a limit for itself");
        Site.OpenGate();
        (await others).Should().OnlyContain(reply => reply.Status == 200, "they have none");
    }

    [Fact]
    [Scenario("gevent-missing-is-a-mistake")]
    public async Task A_python_without_gevent_is_told_with_the_way_to_install_it()
    {
        Interpreters.MakeVirtualEnvironment(Site.PathOf("venv"));
        string python = Site.PathOf("venv/bin/python");
        // Whatever the machine has installed: this environment has a gevent that cannot be imported.
        string packages = Interpreters.Run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'), end='')");
        await File.WriteAllTextAsync(Path.Combine(packages, "gevent.py"), "raise ModuleNotFoundError(\"No module named 'gevent'\", name='gevent')\n");
        Site.CopyApp("greenlets.py");
        Site.ProbeIni($"home = {Site.PathOf("venv")}", "gevent = 100");

        (await RunAsync("site.ini")).ShouldBeApplicationMistake(
            Messages.At("site.ini", 8), Messages.Word("gevent = 100"), Messages.Word($"{python} -m pip install gevent"), Messages.Word("threads"));
    }

    [Fact]
    [Scenario("gevent-with-threads-is-a-mistake")]
    public async Task Threads_and_gevent_together_are_a_mistake()
    {
        Site.ProbeIni("threads = 4", "gevent = 100");

        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 7), Messages.At("site.ini", 8), Messages.Word("processes"));
    }

    [Theory]
    [Scenario("other-loops-are-a-mistake")]
    [InlineData("asyncio = 100", "gevent = N")]
    [InlineData("ugreen = true", "gevent = N")]
    [InlineData("loop = tornado", "threads = 8")]
    [InlineData("async = 100", "gevent = 100")]
    [InlineData("gevent = 20000", "10000")]
    public async Task Another_loop_is_a_mistake_that_names_what_there_is(string line, string way)
    {
        Site.ProbeIni(line);

        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 7), Messages.Word(way));
    }

    private static byte[] Filled(int size)
    {
        byte[] bytes = new byte[size * 300_000];
        Array.Fill(bytes, (byte)size);
        return bytes;
    }

    private void Write(params string[] lines)
    {
        Site.CopyApp("greenlets.py");
        Site.ProbeIni([$"home = {Site.PathOf("venv")}", "module = greenlets", .. lines]);
    }

    private Task<OneServeProcess> StartGeventAsync(params string[] lines)
    {
        Interpreters.MakeVirtualEnvironment(Site.PathOf("venv"));
        Write(lines);
        return StartAsync("site.ini");
    }

    private static async Task<HttpReply[]> AskAsync(OneServeProcess server, string target, int count)
        => await Task.WhenAll(Enumerable.Range(0, count).Select(_ => server.GetAsync(target)));

    /// <summary>Requests of which none comes back before all are in work: which process has how many is then a matter of what each may have.</summary>
    private async Task<HttpReply[]> AskTogetherAsync(OneServeProcess server, int count)
    {
        int before = File.Exists(Site.PathOf("waiting")) ? File.ReadAllLines(Site.PathOf("waiting")).Length : 0;
        var asked = AskAsync(server, "/wait?for=together", count);
        await NotedAsync("waiting", before + count);
        Site.Write("together", "");
        return await asked;
    }

    /// <summary>Waits for so many lines in a file that the views write; returns the last.</summary>
    private async Task<string> NotedAsync(string name, int count)
    {
        string[] lines = [];
        await Poll.Until(
            () => File.Exists(Site.PathOf(name)) && (lines = File.ReadAllLines(Site.PathOf(name))).Length >= count,
            string.Create(CultureInfo.InvariantCulture, $"{count} are {name}"));
        return lines[^1];
    }
}
