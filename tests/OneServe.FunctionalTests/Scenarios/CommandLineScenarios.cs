using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

public sealed class CommandLineScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Fact]
    [Scenario("version-is-told")]
    public async Task Version_is_told()
    {
        var outcome = await RunAsync("--version");

        outcome.ExitCode.Should().Be(0);
        outcome.Output.Should().MatchRegex(@"\d+\.\d+\.\d+");
    }

    [Fact]
    [Scenario("help-lists-the-options")]
    public async Task Help_lists_the_options()
    {
        var outcome = await RunAsync("--help");

        outcome.ExitCode.Should().Be(0);
        outcome.Output.Should().ContainAll("http", "module", "static-map", "processes", "home", "ini");
    }

    [Theory]
    [Scenario("ini-is-named-in-three-ways")]
    [InlineData("site.ini")]
    [InlineData("--ini site.ini")]
    [InlineData("--ini=site.ini")]
    public async Task Ini_is_named_in_three_ways(string arguments)
    {
        Site.ProbeIni();

        var server = await StartAsync(arguments.Split(' '));

        (await server.GetAsync("/hello")).Text.Should().Be("Hello, world!");
    }

    [Fact]
    [Scenario("one-section-of-an-ini")]
    public async Task One_section_of_an_ini_is_read()
    {
        Site.Write("sites.ini", $"""
            [uwsgi]
            http = 127.0.0.1:1
            module = nothing_of_that_name

            [staging]
            {Site.Http}
            chdir = {Site.Directory}
            module = probe
            env = SECTION=staging
            """);

        var server = await StartAsync("sites.ini:staging");

        (await server.GetAsync("/process")).Json().GetProperty("variables").GetProperty("SECTION").GetString().Should().Be("staging");
    }

    [Fact]
    [Scenario("command-line-alone")]
    public async Task Command_line_alone_is_enough()
    {
        var server = await StartAsync("--http", $"127.0.0.1:{Site.Port}", "--chdir", Site.Directory, "--module=probe", "--master", "--processes=2");

        (await server.GetAsync("/hello")).Text.Should().Be("Hello, world!");
        await Poll.Until(() => server.Workers.Count == 2, "both workers are there");
    }

    [Fact]
    [Scenario("listener-on-the-command-line")]
    public async Task A_listener_on_the_command_line_is_added_to_the_files_options()
    {
        Site.Ini($"chdir = {Site.Directory}", "module = probe");

        var server = await StartAsync("--http", $":{Site.Port}", "site.ini");

        (await server.GetAsync("/hello")).Text.Should().Be("Hello, world!");
    }

    [Fact]
    [Scenario("command-line-over-ini")]
    public async Task Options_before_and_behind_an_ini_apply_in_order()
    {
        Site.ProbeIni("workers = 1", "env = PLACE=ini");

        var server = await StartAsync("--env", "FIRST=yes", "site.ini", "--processes=3", "--env=PLACE=command line");

        await Poll.Until(() => server.Workers.Count == 3, "the later `processes` holds");
        var variables = (await server.GetAsync("/process")).Json().GetProperty("variables");
        variables.GetProperty("PLACE").GetString().Should().Be("command line");
        variables.GetProperty("FIRST").GetString().Should().Be("yes");
    }
}
