using System.Globalization;
using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>docs/uwsgi-module.md.</summary>
public sealed class UwsgiModuleScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Fact]
    [Scenario("uwsgi-module-tells-of-the-server")]
    public async Task The_module_tells_of_the_server_and_its_options()
    {
        var server = await ServeAsync(
            "processes = 2", "mine = %(processes) of them", "env = A=1", "env = B=2", "harakiri = 20", "log-format = %(method) %(status) tenant=%(tenant)");
        int[] workers = await server.WorkersAsync(2);

        (await AskAsync(server, "uwsgi.worker_id() in (1, 2) and FORKED == [(uwsgi.worker_id(), os.getpid())]")).Should().Be("True");
        (await AskAsync(server, "uwsgi.masterpid(), uwsgi.mule_id(), uwsgi.numproc, uwsgi.version_info[0], uwsgi.is_a_reload"))
            .Should().Be($"({server.Pid}, 0, 2, 2, False)");
        await Poll.Until(
            async () => await AskAsync(server, "sorted(each['pid'] for each in uwsgi.workers())") == $"[{string.Join(", ", workers.Order())}]",
            "both workers have said who they are");
        (await AskAsync(server, "uwsgi.opt['harakiri'], uwsgi.opt[b'mine'], uwsgi.opt['env'], uwsgi.opt['enable-threads'], uwsgi.magic_table[b's']"))
            .Should().Be("(b'20', b'2 of them', [b'A=1', b'B=2'], b'true', b'site.ini')");
        (await AskAsync(server, "uwsgi.env['REQUEST_METHOD'], uwsgi.total_requests() > 0, uwsgi.started_on > 1700000000")).Should().Be("('GET', True, True)");
        await AskAsync(server, "uwsgi.set_logvar('tenant', 'acme')");
        await server.WaitForLineAsync(new Regex("^GET 200 tenant=acme$"));
        await AskAsync(server, "1");
        await server.WaitForLineAsync(new Regex("^GET 200 tenant=-$"));
    }

    [Fact]
    [Scenario("uwsgi-module-is-switched-off")]
    public async Task It_is_switched_off()
    {
        Site.Write("without.py", """
            from probe import application
            try:
                import uwsgi
                raise SystemExit('there is a module uwsgi')
            except ImportError:
                pass
            """);
        Site.ProbeIni("module = without", "uwsgi-module = false");

        (await StartAsync("site.ini")).HasExited.Should().BeFalse();
    }

    [Fact]
    [Scenario("uwsgi-module-names-what-to-use-instead")]
    public async Task What_is_missing_names_what_to_use()
    {
        var server = await ServeAsync();

        foreach (string expression in new[] { "task.spool(a=b'1')", "uwsgi.mule_msg('x')", "uwsgi.send_to_spooler({})" })
        {
            (await server.GetAsync("/?" + Uri.EscapeDataString(expression))).Status.Should().Be(500);
            await server.WaitForLineAsync(new Regex("Celery"));
        }

        (await server.GetAsync("/?" + Uri.EscapeDataString("uwsgi.connection_fd()"))).Status.Should().Be(500);
        await server.WaitForLineAsync(new Regex("connection_fd is not there: the client's connection belongs to the gateway"));
    }

    [Fact]
    [Scenario("uwsgi-cache-is-one-for-all-workers-and-outlives-them")]
    public async Task The_cache_is_one_for_all_workers_and_outlives_them()
    {
        var server = await ServeAsync("processes = 4", "cache2 = name=default,items=3,blocksize=64");
        int[] before = await server.WorkersAsync(4);

        // One request at a time each: four that wait are in four workers.
        var first = Enumerable.Range(0, 4).Select(_ => AskAsync(server, "uwsgi.cache_inc('hits'), note('counted'), gate.wait('gate')")).ToArray();
        await Poll.Until(() => Count(server, "counted") == 4, "each worker has counted");
        Site.OpenGate();
        await Task.WhenAll(first);
        await Task.WhenAll(Enumerable.Range(0, 36).Select(_ => AskAsync(server, "uwsgi.cache_inc('hits')")));
        (await AskAsync(server, "uwsgi.cache_num('hits'), uwsgi.cache_set('a', 'b'), uwsgi.cache_set('a', 'c'), uwsgi.cache_set('long', 'x' * 65)"))
            .Should().Be("(40, True, None, None)");
        (await AskAsync(server, "uwsgi.cache_set('b', '1'), uwsgi.cache_set('c', '1'), uwsgi.cache_del('b'), uwsgi.cache_set('c', '1', 1)"))
            .Should().Be("(True, None, True, True)", "there is room for three");
        await server.WaitForLineAsync(new Regex("cache default is full"));
        await Poll.Until(async () => await AskAsync(server, "uwsgi.cache_get('c')") == "None", "the item's second has passed");

        foreach (int pid in before)
        {
            Signals.Send(pid, Signal.Kill);
        }

        await Poll.Until(() => server.Workers.Count == 4 && !server.Workers.Any(worker => before.Contains(worker.Pid)), "all workers are new");
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(new Regex("generation 2 has taken over"));
        await Poll.Until(
            async () => await AskAsync(server, "uwsgi.is_a_reload, uwsgi.cache_num('hits'), uwsgi.cache_get('a')") == "(True, 40, b'b')", "it is still there");
        (await AskAsync(server, "uwsgi.cache_clear(), uwsgi.cache_keys()")).Should().Be("(True, [])");
    }

    [Fact]
    [Scenario("uwsgi-cache-that-is-wrong-is-a-mistake")]
    public async Task A_cache_that_is_wrong_is_a_mistake()
    {
        Site.ProbeIni("cache2 = name=default,itmes=100");

        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 7), Messages.Word("itmes"), Messages.Word("items=1000"));
    }

    [Fact]
    [Scenario("uwsgi-lock-is-one-for-all-workers")]
    public async Task A_lock_is_one_for_all_workers_and_goes_with_its_holder()
    {
        var server = await ServeAsync("processes = 3", "threads = 2", "locks = 1", "retry-requests = false");
        await server.WorkersAsync(3);

        string[] counts = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => AskAsync(server, "count_slowly()")));
        counts.Select(int.Parse).Order().Should().Equal(Enumerable.Range(1, 24), "nobody has counted beside another");

        (await server.GetAsync("/?" + Uri.EscapeDataString("die_with_the_lock()"))).Status.Should().Be(502);
        (await AskAsync(server, "uwsgi.is_locked(), uwsgi.lock(), uwsgi.is_locked(), uwsgi.is_locked(1), uwsgi.unlock()"))
            .Should().Be("(False, None, True, False, None)");
    }

    [Theory]
    [Scenario("uwsgi-timers-run-in-one-worker")]
    [InlineData("false")]
    [InlineData("true")]
    public async Task Timers_run_in_one_worker_or_in_each(string lazy)
    {
        var server = await ServeAsync("processes = 2", $"lazy-apps = {lazy}", "reload-canary = 30");
        int[] workers = await server.WorkersAsync(2);
        string[] notes = ["second", "each 1", "each 2"];
        await Poll.Until(() => Counts().Min() >= 1, "each worker has its handlers");
        int[] before = Counts(), counts = before;
        await Poll.Until(() => Since(counts = Counts()).Min() >= 5, "five seconds");

        // What ran in both workers, or twice in one, would have been noted twice as often as the rest, or once less: the last may be on its way.
        Since(counts).Max().Should().BeLessThan((2 * Since(counts).Min()) - 1, "{0}", string.Join(' ', Since(counts)));
        server.Log.Text.Should().MatchRegex($"NOTE each 1 by {workers[0]}|NOTE each 1 by {workers[1]}");

        // During a reload, and as long as the old code is kept, both have the same timer: it runs once.
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(new Regex("generation 2 has taken over"));
        await Poll.Until(() => Count(server, "second") > OfOld(), "the new code has its timer");
        int old = OfOld();
        int count = Count(server, "second") - old;
        await Poll.Until(() => Count(server, "second") - OfOld() >= count + 3, "three seconds");
        OfOld().Should().BeLessThanOrEqualTo(old + 1, "one may have been on its way");

        int[] Counts() => [.. notes.Select(note => Count(server, note))];

        int[] Since(int[] now) => [.. now.Zip(before, static (later, earlier) => later - earlier)];

        int OfOld() => server.Log.Lines.Count(line =>
            line.StartsWith("NOTE second", StringComparison.Ordinal) && workers.Any(pid => line.EndsWith($" {pid}", StringComparison.Ordinal)));
    }

    [Fact]
    [Scenario("uwsgi-signal-beside-a-request")]
    public async Task A_handler_runs_beside_a_request()
    {
        var server = await ServeAsync();
        var busy = AskAsync(server, "uwsgi.register_signal(99, '', lambda number: note('raised')), uwsgi.signal(99), gate.wait('gate')");

        await server.WaitForLineAsync(new Regex("NOTE raised"));

        busy.IsCompleted.Should().BeFalse("the only thread for requests is still at its own");
        Site.OpenGate();
        (await busy).Should().Be("(None, None, None)");
    }

    /// <summary>What a night's job has begun is not cut because the pool shrinks, the code is changed or another request has run for too long.</summary>
    [Fact]
    [Scenario("uwsgi-handler-is-finished")]
    public async Task A_handler_is_finished_before_its_worker_goes()
    {
        var server = await ServeAsync("processes = 2", "cheaper = 1", "cheaper-initial = 2", "cheaper-algo = manual", "master-fifo = commands", "harakiri = 1");
        int[] before = await server.WorkersAsync(2);
        await AskAsync(server, "uwsgi.signal(98)");
        await server.WaitForLineAsync(new Regex("^NOTE job begins"));

        File.WriteAllText(Site.PathOf("commands"), "-");
        int left = (await server.WorkersAsync(1))[0];
        before.Should().Contain(left);
        (await server.GetAsync("/?" + Uri.EscapeDataString("sleep(60)"))).Status.Should().Be(504);
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(new Regex("generation 2 has taken over"));

        Site.OpenGate();
        await server.WaitForLineAsync(new Regex($"^NOTE job ends by {left}"));
        server.Log.Text.Should().NotContain("mercy");
    }

    [Fact]
    [Scenario("uwsgi-reload-and-stop")]
    public async Task The_application_reloads_and_stops_the_server()
    {
        var server = await ServeAsync();
        int before = (await server.WorkersAsync(1))[0];

        (await AskAsync(server, "uwsgi.reload()")).Should().Be("True");
        await server.WaitForLineAsync(new Regex("The application asks for a reload \\(worker 1\\)"));
        await server.WaitForLineAsync(new Regex($"NOTE atexit of 1 by {before}"));
        (await AskAsync(server, "uwsgi.is_a_reload")).Should().Be("True");

        (await AskAsync(server, "uwsgi.stop()")).Should().Be("True");
        (await server.WaitForExitAsync()).ExitCode.Should().Be(0);
    }

    [Fact]
    [Scenario("uwsgi-harakiri-of-one-request")]
    public async Task A_request_sets_its_own_limit()
    {
        var server = await ServeAsync("processes = 2", "harakiri = 2");

        var longer = AskAsync(server, "uwsgi.set_user_harakiri(30), sleep(4)");
        (await server.GetAsync("/?" + Uri.EscapeDataString("uwsgi.set_user_harakiri(1), sleep(60)"))).Status.Should().Be(504);

        (await longer).Should().Be("(None, 'slept')");
        (await AskAsync(server, "1")).Should().Be("1", "the next request of the slot has the limit of all");
    }

    /// <summary>Such code is in the field for each of these libraries; what they read decides whether they work or complain.</summary>
    [Fact]
    [Scenario("libraries-find-what-they-look-for-in-uwsgi")]
    public async Task Libraries_find_what_they_look_for()
    {
        var server = await ServeAsync("processes = 2");

        // Agents ask for threads and fork hooks, some for a version without an old fault, and refuse to work otherwise.
        (await AskAsync(server, "[str(uwsgi.opt.get(name, b'').decode()).lower() for name in ('enable-threads', 'py-call-uwsgi-fork-hooks', 'master')]"))
            .Should().Be("['true', 'true', 'true']");
        (await AskAsync(server, "uwsgi.version_info >= (2, 0, 30), bool(uwsgi.opt.get('lazy-apps')), bool(uwsgi.opt.get('skip-atexit')), 'threads' in uwsgi.opt"))
            .Should().Be("(True, False, False, False)");
        // prometheus_client names its files after the worker.
        (await AskAsync(server, "uwsgi.worker_id() in (1, 2)")).Should().Be("True");
    }

    private async Task<OneServeProcess> ServeAsync(params string[] lines)
    {
        Site.CopyApp("uwsgimodule.py");
        Site.ProbeIni(["module = uwsgimodule", .. lines]);
        return await StartAsync("site.ini");
    }

    private static async Task<string> AskAsync(OneServeProcess server, string expression)
    {
        var reply = await server.GetAsync("/?" + Uri.EscapeDataString(expression));
        reply.Status.Should().Be(200, "{0}: {1}", expression, reply.Text);
        return reply.Text;
    }

    private static int Count(OneServeProcess server, string note) =>
        server.Log.Lines.Count(line => line.StartsWith(string.Create(CultureInfo.InvariantCulture, $"NOTE {note} by"), StringComparison.Ordinal));
}
