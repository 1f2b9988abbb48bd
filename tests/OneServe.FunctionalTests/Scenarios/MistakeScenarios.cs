using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>Mistakes in the file and on the command line.</summary>
public sealed class MistakeScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Theory]
    [Scenario("missing-file-is-a-mistake")]
    [InlineData("nowhere.ini")]
    [InlineData("--ini=nowhere.ini")]
    public async Task A_file_that_does_not_exist_is_a_mistake(string argument) =>
        (await RunAsync(argument)).ShouldBeMistake(Messages.Word("nowhere.ini"));

    [Fact]
    [Scenario("nothing-to-do-is-a-mistake")]
    public async Task A_start_without_anything_to_do_is_a_mistake()
    {
        var outcome = await RunAsync();

        outcome.ShouldBeMistake(Messages.Word("Usage: oneserve"), Messages.Word("oneserve --help"));
        outcome.Output.Trim().Split('\n').Should().HaveCountLessThan(4, "who calls it without anything gets a pointer, not a manual");
    }

    [Fact]
    [Scenario("missing-section-is-a-mistake")]
    public async Task A_section_that_does_not_exist_is_a_mistake()
    {
        Site.Write("site.ini", "[production]\nhttp = :1\n");

        (await RunAsync("site.ini:staging")).ShouldBeMistake(Messages.Word("staging"), Messages.Word("site.ini"));
    }

    [Fact]
    [Scenario("syntax-error-is-a-mistake")]
    public async Task A_section_line_that_does_not_close_is_a_mistake()
    {
        Site.Write("site.ini", $"[uwsgi\n{Site.Http}\nmodule = probe\n");

        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 1));
    }

    [Theory]
    [Scenario("bad-value-is-a-mistake")]
    [InlineData("processes = ten")]
    [InlineData("processes = -2")]
    [InlineData("threads = 0x")]
    [InlineData("chmod-socket = 999")]
    [InlineData("http = 127.0.0.1:99999")]
    [InlineData("http = 127.0.0.1:port")]
    [InlineData("static-map = /static")]
    public async Task A_bad_value_is_a_mistake(string line)
    {
        Site.ProbeIni(line);
        string[] words = line.Split(" = ");

        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 7), Messages.Word(words[0]), Messages.Word(words[1]));
    }

    [Fact]
    [Scenario("strict-refuses-unknown-options")]
    public async Task Strict_refuses_an_unknown_option_and_names_the_one_meant()
    {
        Site.ProbeIni("strict = true", "chmod-sockert = 660");

        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 8), Messages.Word("chmod-sockert"), Messages.Word("chmod-socket"));
    }

    [Fact]
    [Scenario("unknown-argument-is-a-mistake")]
    public async Task An_unknown_option_on_the_command_line_is_a_mistake()
    {
        Site.ProbeIni();

        (await RunAsync("site.ini", "--proceses=2")).ShouldBeMistake(Messages.Word("proceses"), Messages.Word("processes"));
    }

    [Fact]
    [Scenario("missing-chdir-is-a-mistake")]
    public async Task A_chdir_that_does_not_exist_is_a_mistake()
    {
        Site.Ini(Site.Http, $"chdir = {Site.PathOf("nowhere")}", "module = probe");

        (await RunAsync("site.ini")).ShouldBeApplicationMistake(Messages.At("site.ini", 3), Messages.Word(Site.PathOf("nowhere")));
    }
}
