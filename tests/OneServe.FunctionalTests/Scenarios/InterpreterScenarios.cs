using System.Globalization;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

public sealed class InterpreterScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Fact]
    [Scenario("interpreter-of-home-of-environment-of-path")]
    public async Task The_interpreter_is_homes_else_the_active_environments_else_paths()
    {
        foreach (string name in new[] { "home", "active", "searched" })
        {
            Interpreters.MakeVirtualEnvironment(Site.PathOf(name));
        }

        string path = $"{Site.PathOf("searched/bin")}:/usr/bin:/bin";
        await AssertPrefixAsync("home", new() { ["VIRTUAL_ENV"] = Site.PathOf("active"), ["PATH"] = path }, $"home = {Site.PathOf("home")}");
        await AssertPrefixAsync("home", new() { ["PATH"] = path }, "virtualenv = home");
        await AssertPrefixAsync("active", new() { ["VIRTUAL_ENV"] = Site.PathOf("active"), ["PATH"] = path });
        await AssertPrefixAsync("searched", new() { ["PATH"] = path });
    }

    [Fact]
    [Scenario("every-python-from-3.8")]
    public async Task Every_cpython_found_from_3_8_on_serves()
    {
        Interpreters.All.Should().NotBeEmpty();
        foreach (string python in Interpreters.All)
        {
            string version = Interpreters.Run(python, "-c", "import platform; print(platform.python_version(), end='')");
            Interpreters.MakeVirtualEnvironment(Site.PathOf($"venv-{version}"), python);
            Site.ProbeIni($"home = {Site.PathOf($"venv-{version}")}", "threads = 2");
            var server = await StartAsync("site.ini");

            (await server.GetAsync("/process")).Json().GetProperty("version").GetString().Should().Be(version);
            (await server.PostAsync("/echo", new byte[200_000])).Body.Should().HaveCount(200_000, version);
            (await server.GetAsync("/stream?n=3")).Text.Should().Be("piece 0\npiece 1\npiece 2\n", version);
            (await server.GetAsync("/validate")).Text.Should().Be("valid 0", version);
            (await server.StopAsync()).ExitCode.Should().Be(0, version);
        }
    }

    [Fact]
    [Scenario("home-without-python-is-a-mistake")]
    public async Task A_home_without_a_python_is_a_mistake()
    {
        Directory.CreateDirectory(Site.PathOf("empty"));
        Site.ProbeIni($"home = {Site.PathOf("empty")}");

        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 7), Messages.Word(Site.PathOf("empty")), Messages.Word("python"));
    }

    [Fact]
    [Scenario("missing-home-is-a-mistake")]
    public async Task A_home_that_does_not_exist_is_a_mistake()
    {
        Site.ProbeIni($"home = {Site.PathOf("nowhere")}  # the environment");

        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 7), Messages.Word(Site.PathOf("nowhere")));
    }

    /// <summary>The old Python is a real one that says it is 3.7, so that the test does not depend on what is installed.</summary>
    [Fact]
    [Scenario("python-too-old-is-a-mistake")]
    public async Task A_python_that_is_too_old_is_a_mistake()
    {
        string python = Site.Write("old/bin/python", """
            #!/bin/sh
            while [ "$1" != "-c" ]; do
                case "$1" in -V|--version) echo "Python 3.7.17"; exit 0;; "") exit 1;; esac
                shift
            done
            exec /usr/bin/python3 -c '
            import collections, sys
            sys.version_info = collections.namedtuple("version_info", "major minor micro releaselevel serial")(3, 7, 17, "final", 0)
            sys.version, sys.hexversion = "3.7.17 (default, Jan  1 2024, 00:00:00) \n[GCC 12.2.0]", 0x030711F0
            code = sys.argv[2]
            sys.argv = ["-c"] + sys.argv[3:]
            exec(code, {"__name__": "__main__"})
            ' "$@"
            """.Replace("\r", "", StringComparison.Ordinal) + "\n");
        File.SetUnixFileMode(python, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        File.Copy(python, Site.PathOf("old/bin/python3"));
        Site.ProbeIni("home = old");

        (await RunAsync("site.ini")).ShouldBeApplicationMistake(Messages.Word("3.7.17"), Messages.TooOld);
    }

    [Fact]
    [Scenario("no-python-at-all-is-a-mistake")]
    public async Task No_python_at_all_is_a_mistake()
    {
        Site.ProbeIni();

        var outcome = await Launch(new Dictionary<string, string?> { ["PATH"] = Site.Temporary }, "site.ini").WaitForExitAsync();

        outcome.ShouldBeMistake(Messages.Word("python3"), Messages.Word("PATH"));
    }

    private async Task AssertPrefixAsync(string expected, Dictionary<string, string?> environment, params string[] lines)
    {
        Site.ProbeIni(lines);
        var server = Launch(environment, "site.ini");
        await server.WaitReadyAsync();

        (await server.GetAsync("/process")).Json().GetProperty("prefix").GetString().Should()
            .Be(Site.PathOf(expected), string.Create(CultureInfo.InvariantCulture, $"of {lines.Length} lines"));
        await server.StopAsync();
    }
}
