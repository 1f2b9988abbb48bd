using System.Diagnostics;
using System.Globalization;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>The language of the file, as a running server shows it.</summary>
public sealed class LanguageScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Fact]
    [Scenario("env-file-is-the-applications-environment")]
    public async Task Variables_of_an_env_file_reach_the_application()
    {
        Site.Write("site.env", "# secrets\nexport TOKEN=\"a b=c\"\nPLACE=file\n");
        Site.ProbeIni("env = PLACE=ini", "env-file = site.env");

        var server = await StartAsync("site.ini");

        var variables = (await server.GetAsync("/process")).Json().GetProperty("variables");
        variables.GetProperty("TOKEN").GetString().Should().Be("a b=c");
        variables.GetProperty("PLACE").GetString().Should().Be("file", "the later one holds");
        server.Log.Text.Should().NotContain("a b=c");
    }

    [Fact]
    [Scenario("variables-with-defaults")]
    public async Task Shell_forms_with_defaults_and_own_prefix()
    {
        Site.ProbeIni("processes = ${WEB_CONCURRENCY:-2}", "env = PLACE=${PLACE_NAME:-nowhere}", "env = KEPT=${NEVER_SET}");
        var environment = new Dictionary<string, string?> { ["PLACE_NAME"] = "here", ["ONESERVE_ENV"] = "FIRST=yes" };

        var server = Launch(environment, "site.ini");
        await server.WaitReadyAsync();

        var variables = (await server.GetAsync("/process")).Json().GetProperty("variables");
        variables.GetProperty("PLACE").GetString().Should().Be("here");
        variables.GetProperty("KEPT").GetString().Should().Be("${NEVER_SET}");
        variables.GetProperty("FIRST").GetString().Should().Be("yes");
        await Poll.Until(() => server.Workers.Count == 2, "two workers, by default");
    }

    [Fact]
    [Scenario("values-from-commands")]
    public async Task A_value_is_what_a_command_writes_at_the_start_and_at_each_reload()
    {
        Site.Write("token", "first\n");
        Site.ProbeIni("processes = @(exec://touch ran; echo 2)", "env = PLACE=@(exec://echo 'a word aside' >&2; cat token)");
        (await RunAsync("check", "site.ini")).Output.Should().Contain("site.ini:7:13: note: ").And.Contain("0 errors, 0 warnings");
        (await RunAsync("config", "site.ini")).Output.Should().MatchRegex(@"(?m)^processes = @\(exec://.*\) +; site.ini:7, known at a start only$");
        (await RunAsync("check", "--load", "site.ini")).Output.Should().Contain("`env` is known at a start only: the application is not run");
        File.Exists(Site.PathOf("ran")).Should().BeFalse("none of them runs a command");

        var server = await StartAsync("site.ini");
        await Poll.Until(() => server.Workers.Count == 2, "two workers");
        (await PlaceAsync(server)).Should().Be("first");
        await server.WaitForLineAsync(Messages.Word("a word aside"));
        File.Exists(Site.PathOf("ran")).Should().BeTrue();

        Site.Write("token", "second\n");
        server.Send(Signal.Hup);
        await Poll.Until(async () => await PlaceAsync(server) == "second", "a reload runs the command anew");

        File.Delete(Site.PathOf("token"));
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.ReloadFailed);
        await server.WaitForLineAsync(Messages.Word("it exited with code 1: cat: token: No such file"));
        Messages.At("site.ini", 8).IsMatch(server.Log.Text).Should().BeTrue(server.Log.Text);
        (await PlaceAsync(server)).Should().Be("second");
    }

    [Theory]
    [Scenario("values-from-commands-that-fail")]
    [InlineData("exit 3", "it exited with code 3")]
    [InlineData("kill -KILL $$", "it was killed by SIGKILL")]
    [InlineData("yes", "it writes more than 64 KiB")]
    [InlineData("yes >&2", "it writes more than 64 KiB to standard error")]
    [InlineData("head -c 9 /dev/zero", "it does not write text")]
    public async Task A_command_that_fails_is_a_mistake(string command, string expected)
    {
        Site.ProbeIni($"processes = @(exec://{command})");

        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 7), Messages.Word(expected));
    }

    [Fact]
    [Scenario("values-from-commands-that-take-too-long")]
    public async Task Commands_have_ten_seconds_together()
    {
        Site.ProbeIni("env = A=@(exec://sleep 60)", "env = B=@(exec://echo no)");

        (await RunAsync("site.ini")).ShouldBeMistake(
            Messages.At("site.ini", 7), Messages.Word("it was killed: a configuration's commands have 10 seconds together"),
            Messages.At("site.ini", 8), Messages.Word("it was not run: those before it have taken too long"));
    }

    [Fact]
    [Scenario("values-from-commands-without-descriptors")]
    public async Task A_reload_whose_commands_find_no_descriptors_is_refused()
    {
        Site.ProbeIni("env = PLACE=@(exec://echo here)");
        var server = await StartAsync("site.ini");
        int[] open = [.. Directory.GetFiles($"/proc/{server.Pid}/fd").Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))];
        // The file can be read, one at a time, and nothing else be opened.
        int limit = Enumerable.Range(0, 1000).Except(open).First() + 1;
        using var narrowed = Process.Start("prlimit", $"--pid={server.Pid} --nofile={limit}:");
        await narrowed.WaitForExitAsync();

        server.Send(Signal.Hup);

        await server.WaitForLineAsync(Messages.ReloadFailed);
        await server.WaitForLineAsync(Messages.Word($"it cannot be run: memfd_create: Too many open files: this process may have {limit} open files only"));
        (await PlaceAsync(server)).Should().Be("here");
    }

    [Fact]
    [Scenario("check-without-the-directory")]
    public async Task A_check_concludes_nothing_from_a_directory_that_a_command_gives()
    {
        Site.Ini(Site.Http, "chdir = @(exec://touch ran; pwd)", "module = probe", "env-file = site.env", "home = nowhere");

        var outcome = await RunAsync("check", "site.ini");

        outcome.ExitCode.Should().Be(0, outcome.Output);
        outcome.Output.Should().Contain("`chdir` is known at a start only: this machine is not looked at").And.Contain("0 errors, 0 warnings");
        File.Exists(Site.PathOf("ran")).Should().BeFalse();
    }

    private static async Task<string?> PlaceAsync(OneServeProcess server) =>
        (await server.GetAsync("/process")).Json().GetProperty("variables").GetProperty("PLACE").GetString();

    [Fact]
    [Scenario("own-options")]
    public async Task An_option_of_ones_own_stands_for_others()
    {
        Site.ProbeIni("strict = true", "declare-option = size=processes=$1;env=SIZE=$0", "size = 2 large");

        var server = await StartAsync("site.ini");

        (await server.GetAsync("/process")).Json().GetProperty("variables").GetProperty("SIZE").GetString().Should().Be("2 large");
        await Poll.Until(() => server.Workers.Count == 2, "two workers");
    }

    [Theory]
    [Scenario("fallback-takes-the-place")]
    [InlineData("processes = many")]
    [InlineData("module = nothing_of_that_name")]
    [InlineData("uid = nobody-of-that-name")]
    public async Task Fallback_takes_the_place_of_a_start_that_fails(string mistake)
    {
        Site.ProbeIni();
        File.Move(Site.PathOf("site.ini"), Site.PathOf("fallback.ini"));
        Site.ProbeIni("fallback-config = fallback.ini", mistake);

        var server = Launch("site.ini");
        await server.WaitForLineAsync(Messages.Ready);

        (await server.GetAsync("/hello")).Text.Should().Be("Hello, world!");
        server.Log.Text.Should().Contain("takes its place");
    }

    [Fact]
    [Scenario("fallback-that-fails-ends")]
    public async Task A_fallback_that_fails_too_is_a_mistake()
    {
        Site.ProbeIni($"fallback-config = {Site.PathOf("site.ini")}", "processes = many");

        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 8));
    }

    [Fact]
    [Scenario("show-config-prints")]
    public async Task Show_config_prints_what_is_in_force()
    {
        Site.ProbeIni("show-config = true", "env = PASSWORD=geheim", "print = a line from %s");

        var server = await StartAsync("site.ini");

        await server.WaitForLineAsync(Messages.Ready);
        server.Log.Text.Should().MatchRegex("(?m)^module = probe +; site.ini:4$").And.Contain("a line from site.ini").And.NotContain("geheim");
    }
}
