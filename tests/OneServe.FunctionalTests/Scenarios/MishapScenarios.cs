using System.Diagnostics;
using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>One mishap on top of another: a death in the middle of a reload, a reload in the middle of a doubt, a limit reached at a bad time.</summary>
public sealed class MishapScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private const string Probe = "from probe import application\n";
    private const string Crashing = "import os\ndef application(environ, start_response):\n    os.abort()\n";

    [Fact]
    [Scenario("body-never-comes-from-another-request")]
    public async Task A_worker_without_a_free_descriptor_refuses_a_large_body()
    {
        Site.CopyApp("deaths.py");
        Site.ProbeIni("module = deaths", "disable-logging = true");
        var server = LaunchProgram("prlimit", "--nofile=256", Repository.Executable, "site.ini");
        await server.WaitReadyAsync();
        int[] before = await server.WorkersAsync(1);
        (await server.PostAsync("/body", "a secret of another user "u8.ToArray())).Text.Should().StartWith("a secret");
        (await server.PostAsync("/body", [.. Enumerable.Repeat((byte)'s', 40_000)])).Text.Should().StartWith("ssss");
        (await server.GetAsync("/starve")).Status.Should().Be(200);

        (await server.PostAsync("/body", new byte[200_000])).Status.Should().Be(503);

        await server.WaitForLineAsync(new Regex("has no free descriptor for a request's body"));
        await Poll.Until(() => server.Workers is [{ } next] && next.Pid != before[0], "it is replaced");
        (await server.PostAsync("/body", [.. Enumerable.Repeat((byte)'b', 200_000)])).Text.Should().StartWith("bbbb");
    }

    [Fact]
    [Scenario("detached-input-costs-nothing")]
    public async Task An_application_that_detaches_its_input_loses_no_thread()
    {
        Site.CopyApp("deaths.py");
        Site.ProbeIni("module = deaths", "threads = 2");
        var server = await StartAsync("site.ini");
        int[] before = await server.WorkersAsync(1);

        for (int i = 0; i < 6; i++)
            (await server.PostAsync("/detach", new byte[200_000])).Status.Should().Be(200);

        await Task.WhenAll(server.GetAsync("/sleep"), server.GetAsync("/sleep"));
        (await server.WorkersAsync(1)).Should().Equal(before);
    }

    [Fact]
    [Scenario("failed-chain-keeps-every-seat")]
    public async Task A_chain_reload_that_fails_while_its_worker_dies_keeps_the_seat()
    {
        Site.Write("site_app.py", Probe);
        Site.ProbeIni("module = site_app", "lazy-apps = true", "master-fifo = commands");
        var server = await StartAsync("site.ini");
        int[] before = await server.WorkersAsync(1);
        Site.WriteGatedApp("raise RuntimeError('broken')", "site_app.py");

        await File.WriteAllTextAsync(Site.PathOf("commands"), "c");
        await Site.WaitImportingAsync();
        Signals.Send(before[0], Signal.Kill);
        await server.WaitForLineAsync(new Regex($"pid {before[0]}\\) killed by SIGKILL"));
        Site.OpenGate();
        await server.WaitForLineAsync(new Regex("those that are left stay"));
        Site.Write("site_app.py", Probe);

        (await server.GetAsync("/hello")).Status.Should().Be(200, "the only seat is filled again");
    }

    [Fact]
    [Scenario("second-reload-keeps-the-fallback")]
    public async Task A_second_reload_of_a_crashing_release_keeps_the_good_one()
    {
        Site.Write("site_app.py", Probe);
        Site.ProbeIni("module = site_app", "processes = 2", "reload-canary = 60", "pidfile = site.pid");
        var server = await StartAsync("site.ini");
        int[] before = await server.WorkersAsync(2);
        Site.Write("site_app.py", Crashing);

        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.Reloaded);
        Site.WriteGatedApp(name: "site_app.py");
        server.Send(Signal.Hup);
        for (int i = 0; i < 3; i++)
            (await server.PostAsync("/hello", [])).Status.Should().BeOneOf(502, 200);

        await server.WaitForLineAsync(new Regex("generation 1 serves again"));
        (await server.GetAsync("/hello")).Status.Should().Be(200);
        server.Workers.Select(worker => worker.Pid).Should().Contain(before);
        Site.OpenGate();
        await server.WaitForLineAsync(new Regex("generation 3 has taken over"));
    }

    [Fact]
    [Scenario("one-crashing-view-is-no-bad-release")]
    public async Task One_view_that_has_always_crashed_takes_no_release_back()
    {
        Site.Write("VERSION", "1");
        Site.ProbeIni("processes = 3", "reload-canary = 10");
        var server = await StartAsync("site.ini");
        Site.Write("VERSION", "2");
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.Reloaded);

        (await server.GetAsync("/crash")).Status.Should().Be(502);

        (await server.GetAsync("/version")).Text.Should().Be("2");
        await server.WaitForLineAsync(Messages.Word("run once more"));
        server.Log.Text.Should().NotContain("serves again");
    }

    [Fact]
    [Scenario("reload-without-descriptors-is-refused")]
    public async Task A_reload_for_which_there_are_no_descriptors_is_refused()
    {
        Site.ProbeIni("processes = 4", "threads = 8", "pidfile = site.pid");
        var server = LaunchProgram("prlimit", "--nofile=85", Repository.Executable, "site.ini");
        await server.WaitReadyAsync();
        int[] before = await server.WorkersAsync(4);

        server.Send(Signal.Hup);

        await server.WaitForLineAsync(new Regex("reload failed.*everything stays as it was"));
        (await server.GetAsync("/hello")).Status.Should().Be(200);
        server.HasExited.Should().BeFalse();
        (await server.WorkersAsync(4)).Should().Equal(before);
    }

    [Fact]
    [Scenario("hanging-replacement-is-ended")]
    public async Task A_replacement_that_hangs_is_ended_and_tried_again()
    {
        Site.Write("site_app.py", Probe);
        // Time enough for the start, and for the code that is mended.
        Site.ProbeIni("module = site_app", "import-timeout = 5");
        var server = await StartAsync("site.ini");
        int[] before = await server.WorkersAsync(1);
        Site.Write("site_app.py", "import threading\ndef hang():\n    threading.Event().wait()\nhang()\n");

        Signals.Send(server.Prototype.Pid, Signal.Kill);
        await server.WaitForLineAsync(new Regex("prototype has not come up within 5 s"));
        await server.WaitForLineAsync(new Regex("site_app.py\", line 3 in hang"));
        Site.Write("site_app.py", Probe);
        Signals.Send(before[0], Signal.Kill);

        (await server.GetAsync("/hello")).Status.Should().Be(200, "it comes up when the code is mended");
    }

    [Fact]
    [Scenario("stopped-prototype-is-replaced-when-it-is-needed")]
    public async Task A_prototype_that_somebody_has_stopped_is_replaced_when_a_worker_is_due()
    {
        Site.ProbeIni("import-timeout = 5");
        var server = await StartAsync("site.ini");
        int[] before = await server.WorkersAsync(1);

        Signals.Send(server.Prototype.Pid, Signal.Stop);
        Signals.Send(before[0], Signal.Kill);

        (await server.GetAsync("/hello")).Status.Should().Be(200);
    }

    [Fact]
    [Scenario("link-that-turns-is-a-touch")]
    public async Task A_link_above_a_touched_file_that_turns_reloads()
    {
        Site.Write("VERSION", "1");
        Site.Write("r1/restart.txt", "");
        Site.Write("r2/restart.txt", "");
        File.CreateSymbolicLink(Site.PathOf("current"), "r1");
        Site.ProbeIni("touch-reload = current/restart.txt");
        var server = await StartAsync("site.ini");

        Site.Write("VERSION", "2");
        Interpreters.Run("ln", "-sfn", "r2", Site.PathOf("current"));
        await Poll.Until(async () => (await server.GetAsync("/version")).Text == "2", "the switch of the release is seen");
        Site.Write("VERSION", "3");
        File.SetLastWriteTimeUtc(Site.PathOf("current/restart.txt"), DateTime.UtcNow);
        await Poll.Until(async () => (await server.GetAsync("/version")).Text == "3", "a touch behind the new link is seen");
    }

    [Fact]
    [Scenario("stop-while-paused-answers")]
    public async Task A_stop_while_paused_answers_what_waits()
    {
        // Whoever waited for the time of the stop would wait for longer than this test does.
        Site.Write("static/a.txt", "a file");
        Site.ProbeIni("worker-reload-mercy = 60", "static-map = /static=static");
        var server = await StartAsync("site.ini");
        server.Send(Signal.TerminalStop);
        await server.WaitForLineAsync(new Regex("Paused"));
        await using var connection = await server.ConnectAsync();
        (await connection.RequestAsync("GET", "/static/a.txt")).Status.Should().Be(200, "the connection is the server's");
        await connection.SendAsync("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await connection.IsStill(TimeSpan.FromMilliseconds(100))).Should().BeTrue("it waits");

        server.Send(Signal.Term);

        (await connection.ReceiveAsync()).Status.Should().Be(200);
        (await server.WaitForExitAsync()).ExitCode.Should().Be(0);
    }

    [Theory]
    [Scenario("prototype-is-not-believed")]
    [InlineData("os.getppid()")]
    [InlineData("int(open('victim').read())")]
    public async Task A_prototype_cannot_name_a_process_that_is_none_of_its_workers(string pid)
    {
        using var victim = Process.Start("sleep", "600");
        Site.Write("victim", $"{victim.Id}");
        Site.Write("site_app.py", $"import os\nfrom probe import application\nfor line in range(1, 5):\n    os.write(3, b'pid %d %d' % (line, {pid}))\n");
        Site.ProbeIni("module = site_app");
        var server = await StartAsync("site.ini");

        await server.WaitForLineAsync(new Regex("The prototype named process"));
        (await server.GetAsync("/hello")).Status.Should().Be(200);
        Signals.Send(server.Gateway.Pid, Signal.Kill);
        await Poll.Until(async () => (await server.GetAsync("/hello")).Status == 200, "the gateway's death is the gateway's");
        await server.StopAsync();

        victim.HasExited.Should().BeFalse("it has nothing to do with the server");
        victim.Kill();
    }
}
