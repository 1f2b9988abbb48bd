using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>`py-autoreload`: whoever saves a file sees it.</summary>
public sealed class AutoreloadScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private static readonly Regex Changed = new(@"/(?<file>[^/]+)( and \d+ more have| has) changed$");

    private static readonly Regex Reloading = new("Reloading$");

    [Theory]
    [Scenario("saved-code-reloads")]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(true, "lazy-apps = true")]
    public async Task Saved_code_reloads_at_once_and_loses_no_request(bool byRename, string line)
    {
        WriteVersion(1);
        Site.ProbeIni("module = site_app", "processes = 2", "py-autoreload = 60", "disable-logging = true", line);
        var server = await StartAsync("site.ini");
        await using var load = Load.Start(Site.EndPoint, "/version", 2);
        await load.AdvanceAsync(20);

        for (int version = 2; version <= 4; version++)
        {
            if (byRename)
                File.Move(Site.Write("save.tmp", Version(version)), Site.PathOf("released.py"), overwrite: true);
            else
                WriteVersion(version);
            await Poll.Until(async () => (await server.GetAsync("/version")).Text == $"{version}", $"version {version} answers");
            // The new code may answer before the line is there, and with lazy-apps even before its reload: a worker may have been about to import it.
            await Poll.Until(() => Count(server, Messages.Reloaded) >= version - 1, "its reload is told");
        }

        await load.StopAsync();
        load.Failures.Should().BeEmpty();
        Count(server, Messages.Reloaded).Should().Be(3, "one reload for each time that it was saved");
    }

    [Fact]
    [Scenario("bytecode-of-the-same-second-is-not-run")]
    public async Task Code_saved_twice_in_a_second_is_the_newest()
    {
        WriteVersion(1);
        Site.ProbeIni("module = site_app", "py-autoreload = 60");
        var server = Launch(new Dictionary<string, string?> { ["PYTHONDONTWRITEBYTECODE"] = null }, "site.ini");
        await server.WaitReadyAsync();

        // One whole second is that of all of them; one to come, so that none outlives the two seconds of a source's youth while the test runs.
        var second = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 300);
        for (int version = 2; version <= 4; version++)
        {
            string path = Site.Write("save.tmp", Version(version));
            File.SetLastWriteTimeUtc(path, second.AddMilliseconds(version).UtcDateTime);
            File.Move(path, Site.PathOf("released.py"), overwrite: true);
            await Poll.Until(async () => (await server.GetAsync("/version")).Text == $"{version}", $"version {version} answers");
        }
    }

    [Fact]
    [Scenario("several-saved-files-are-one-reload")]
    public async Task Several_files_saved_at_once_are_one_reload()
    {
        string[] names = [.. Enumerable.Range(1, 40).Select(number => $"part{number}")];
        void Write(int version) => Array.ForEach(names, name => Site.Write($"parts/{name}.py", Version(version)));
        Write(1);
        Site.Write("parts/__init__.py", "");
        Site.Write("site_app.py", $"from parts import {string.Join(", ", names)}\nimport probe\nprobe.VERSION = part40.VERSION\napplication = probe.application\n");
        Site.ProbeIni("module = site_app", "py-autoreload = 60", "disable-logging = true");
        var server = await StartAsync("site.ini");

        // However long this process takes for them, the server sees them at once.
        async Task SaveAsync(int version)
        {
            server.Send(Signal.Stop);
            await Poll.Until(() => ProcessTable.Read(server.Pid) is { State: 'T' }, "the master has stopped");
            Write(version);
            server.Send(Signal.Cont);
        }

        await SaveAsync(2);
        await Poll.Until(async () => (await server.GetAsync("/version")).Text == "2", "the new code answers");
        await SaveAsync(3);
        await Poll.Until(async () => (await server.GetAsync("/version")).Text == "3", "the newest code answers");

        await Poll.Until(() => Count(server, Messages.Reloaded) >= 2, "both reloads are told");
        Count(server, Messages.Reloaded).Should().Be(2);
        Count(server, Changed).Should().Be(2);
    }

    [Fact]
    [Scenario("passing-files-do-not-reload")]
    public async Task Files_of_editors_and_ignored_modules_do_not_reload()
    {
        WriteVersion(1);
        Site.Write("generated/__init__.py", "");
        Site.Write("generated/stamp.py", "");
        Site.Write("site_app.py", "import generated.stamp\n" + SiteApp);
        Site.ProbeIni("module = site_app", "py-autoreload = 60", "py-auto-reload-ignore = generated", "disable-logging = true");
        var server = await StartAsync("site.ini");

        foreach (string name in new[] { "4913", ".released.py.swp", "released.py~", ".#released.py", "__pycache__/released.cpython-311.pyc", "notes.txt" })
            Site.Write(name, "");
        Site.Write("generated/stamp.py", "# made anew");
        Site.Write("generated/other.py", "");
        WriteVersion(2);
        await Poll.Until(async () => (await server.GetAsync("/version")).Text == "2", "the new code answers");

        await server.WaitForLineAsync(Messages.Reloaded);
        server.Log.Lines.Where(text => Changed.IsMatch(text)).Should().ContainSingle().Which.Should().EndWith("/released.py has changed");
    }

    [Fact]
    [Scenario("new-module-reloads")]
    public async Task A_module_that_was_missing_reloads_when_it_is_there()
    {
        Site.Write("site_app.py", """
            import probe
            try:
                from local_settings import VERSION as probe_version
            except ImportError:
                probe_version = "default"
            probe.VERSION = probe_version
            application = probe.application
            """);
        Site.ProbeIni("module = site_app", "py-autoreload = 60");
        var server = await StartAsync("site.ini");
        (await server.GetAsync("/version")).Text.Should().Be("default");

        Site.Write("local_settings.py", Version(2));
        await Poll.Until(async () => (await server.GetAsync("/version")).Text == "2", "the new module is loaded");

        Site.Write("site_app.py", "import newpack.views, probe\nprobe.VERSION = newpack.views.VERSION\napplication = probe.application\n");
        await server.WaitForLineAsync(Messages.Word("No module named 'newpack'"));
        Site.Write("newpack/views.py", Version(3));
        await Poll.Until(async () => (await server.GetAsync("/version")).Text == "3", "the new package is loaded");
        Site.Write("newpack/views.py", Version(4));
        await Poll.Until(async () => (await server.GetAsync("/version")).Text == "4", "the new package is watched");
    }

    [Fact]
    [Scenario("saved-during-a-reload-follows")]
    public async Task A_file_saved_while_a_reload_runs_is_one_more_reload()
    {
        Site.WriteGatedApp();
        Site.OpenGate();
        Site.Write("site_app.py", "import released\nimport gated\n" + SiteApp);
        WriteVersion(1);
        Site.ProbeIni("module = site_app", "py-autoreload = 60", "disable-logging = true");
        var server = await StartAsync("site.ini");
        Site.CloseGate();
        WriteVersion(2);
        await Site.WaitImportingAsync();

        WriteVersion(3);
        await Poll.Until(() => Count(server, Changed) == 2, "the second change is noticed");
        (await server.GetAsync("/version")).Text.Should().Be("1", "the old code serves meanwhile");
        Site.OpenGate();

        await Poll.Until(async () => (await server.GetAsync("/version")).Text == "3", "the newest code answers");
    }

    [Fact]
    [Scenario("mended-import-that-hung-is-loaded-at-once")]
    public async Task An_import_that_hangs_is_given_up_when_the_file_is_mended()
    {
        WriteVersion(1);
        Site.ProbeIni("module = site_app", "py-autoreload = 60", "import-timeout = 300", "disable-logging = true");
        var server = await StartAsync("site.ini");
        Site.Write("released.py", "import threading\nopen('importing', 'w').close()\nthreading.Event().wait()\n");
        await Site.WaitImportingAsync();

        WriteVersion(2);

        // An import is waited for at first: saved again and again until this one is given up, and no longer, for the next one may be as slow.
        await Poll.Until(
            () =>
            {
                File.SetLastWriteTimeUtc(Site.PathOf("released.py"), DateTime.UtcNow);
                return Count(server, Reloading) >= 2;
            },
            "the import that hangs is given up, long before import-timeout");
        await Poll.Until(async () => (await server.GetAsync("/version")).Text == "2", "the mended code answers");
    }

    [Theory]
    [Scenario("autoreload-where-the-kernel-does-not-tell")]
    [InlineData("max_inotify_instances", 0)]
    [InlineData("max_inotify_watches", 1)]
    public async Task Where_the_kernel_has_no_more_watches_files_are_looked_at(string limit, int number)
    {
        WriteVersion(1);
        Site.Write("limit.sh", $"echo {number} > /proc/sys/user/{limit} && exec \"$@\"\n");
        Site.ProbeIni("module = site_app", "py-autoreload = 1");
        var server = LaunchProgram("unshare", "--user", "--map-root-user", "sh", "limit.sh", Repository.Executable, "site.ini");
        await server.WaitReadyAsync();
        await server.WaitForLineAsync(Messages.Word("The kernel cannot watch all files"));

        WriteVersion(2);

        await Poll.Until(async () => (await server.GetAsync("/version")).Text == "2", "the new code answers");
    }

    [Fact]
    [Scenario("fs-reload-watches-directories")]
    public async Task Anything_below_a_directory_of_fs_reload_reloads()
    {
        Site.Write("templates/front.html", "1");
        Site.Write("site.conf", "a");
        Site.Write("site_app.py", """
            import probe
            probe.VERSION = open("templates/front.html").read() + open("site.conf").read()
            application = probe.application
            """);
        Site.ProbeIni("module = site_app", "fs-reload = templates", "fs-reload = site.conf");
        var server = await StartAsync("site.ini");

        Site.Write("templates/front.html", "2");
        await Poll.Until(async () => (await server.GetAsync("/version")).Text == "2a", "the new template is read");
        Site.Write("site.conf", "b");
        await Poll.Until(async () => (await server.GetAsync("/version")).Text == "2b", "the new file is read");
        Site.Write("templates/new/deep/page.html", "");
        await server.WaitForLineAsync(Messages.Word("templates/new/deep/page.html has changed"));
        Site.Write("templates/new/deep/page.html", "now with a text");
        await Poll.Until(() => server.Log.Lines.Count(text => text.EndsWith("page.html has changed", StringComparison.Ordinal)) == 2, "a new directory is watched");
        Site.Write("site_app.py", "raise RuntimeError('not asked for')");
        Site.Write("templates/front.html", "3");
        await server.WaitForLineAsync(Messages.ReloadFailed);
        server.Log.Lines.Should().NotContain(text => text.EndsWith("site_app.py has changed", StringComparison.Ordinal));
    }

    private const string SiteApp = "import probe, released\nprobe.VERSION = released.VERSION\napplication = probe.application\n";

    private static int Count(OneServeProcess server, Regex line) => server.Log.Lines.Count(line.IsMatch);

    private static string Version(int version) => $"VERSION = '{version}'\n";

    private void WriteVersion(int version)
    {
        if (!File.Exists(Site.PathOf("site_app.py")))
            Site.Write("site_app.py", SiteApp);
        Site.Write("released.py", Version(version));
    }
}
