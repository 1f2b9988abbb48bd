using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

public sealed class ApplicationOptionScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Theory]
    [Scenario("callable-is-named")]
    [InlineData("module = probe:other", "the other callable")]
    [InlineData("callable = other", "the other callable")]
    [InlineData("wsgi = probe:make()", "made by a factory")]
    public async Task The_callable_or_its_factory_is_named(string line, string expected)
    {
        Site.ProbeIni(line);

        var server = await StartAsync("site.ini");

        (await server.GetAsync("/")).Text.Should().Be(expected);
    }

    [Fact]
    [Scenario("wsgi-file-is-loaded")]
    public async Task A_wsgi_file_is_loaded_by_its_path()
    {
        Site.Write("not-a-module.py", "from probe import other as application\n");
        Site.Ini(Site.Http, $"chdir = {Site.Directory}", "wsgi-file = not-a-module.py");

        var server = await StartAsync("site.ini");

        (await server.GetAsync("/")).Text.Should().Be("the other callable");
    }

    [Fact]
    [Scenario("pythonpath-is-put-first")]
    public async Task Directories_of_pythonpath_are_put_first()
    {
        Site.Write("first/found_there.py", "from probe import application\n");
        Site.Write("second/found_there.py", "raise RuntimeError('the wrong one')\n");
        Site.ProbeIni($"pythonpath = {Site.PathOf("second")}", $"pythonpath = {Site.PathOf("first")}", "module = found_there");

        var server = await StartAsync("site.ini");

        var path = (await server.GetAsync("/process")).Json().GetProperty("path").EnumerateArray().Select(entry => entry.GetString()!.TrimEnd('/')).ToList();
        path.IndexOf(Site.PathOf("first")).Should().BeInRange(0, path.IndexOf(Site.PathOf("second")) - 1, "each is put in front in turn");
    }

    [Fact]
    [Scenario("variables-and-placeholders")]
    public async Task Variables_are_set_unset_and_expanded()
    {
        Site.Ini(
            Site.Http,
            $"base = {Site.Directory}",
            "chdir = %(base)",
            "module = $(PROBE_MODULE)",
            "env = HERE=%d",
            "env = BESIDE=%(base)/x",
            "env = INHERITED=$(GIVEN)",
            "env = GONE");

        var server = Launch(
            new Dictionary<string, string?> { ["PROBE_MODULE"] = "probe", ["GIVEN"] = "from outside", ["GONE"] = "set" }, "site.ini");
        await server.WaitReadyAsync();

        var process = (await server.GetAsync("/process")).Json();
        var variables = process.GetProperty("variables");
        variables.GetProperty("HERE").GetString().Should().Be(Site.Directory + "/");
        variables.GetProperty("BESIDE").GetString().Should().Be(Site.PathOf("x"));
        variables.GetProperty("INHERITED").GetString().Should().Be("from outside");
        variables.TryGetProperty("GONE", out _).Should().BeFalse("`env = GONE` unsets");
        process.GetProperty("cwd").GetString().Should().Be(Site.Directory);
    }

    [Fact]
    [Scenario("option-without-effect-is-told")]
    public async Task Options_of_the_dialect_without_an_effect_are_told_in_a_line()
    {
        Site.ProbeIni("die-on-term = true", "thunder-lock = true", "harakiri-verbose = true", "drop-after-apps = true");

        var server = await StartAsync("site.ini");

        var line = await server.WaitForLineAsync(Messages.NoEffect);
        line.Should().Contain("drop-after-apps (site.ini:10)").And.NotContain("die-on-term");
        (await server.GetAsync("/hello")).Status.Should().Be(200);
    }

    [Fact]
    [Scenario("need-app-off-serves-without-application")]
    public async Task Without_need_app_a_missing_application_is_answered_by_an_error()
    {
        Site.Write("static/a.txt", "a file");
        Site.ProbeIni("module = nothing_of_that_name", "need-app = false", "static-map = /static=static");

        var server = Launch("site.ini");
        await server.WaitListeningAsync();

        (await server.GetAsync("/static/a.txt")).Text.Should().Be("a file");
        (await server.GetAsync("/hello")).Status.Should().BeInRange(500, 503);
    }

    [Fact]
    [Scenario("static-files-alone")]
    public async Task A_site_of_files_alone_needs_no_python_and_has_404_for_the_rest()
    {
        Site.Write("static/a.txt", "a file");
        Site.Ini(Site.Http, "need-app = false", "static-map = /static=static");

        var server = Launch("site.ini");
        await server.WaitListeningAsync();

        (await server.GetAsync("/static/a.txt")).Text.Should().Be("a file");
        (await server.GetAsync("/elsewhere")).Status.Should().Be(404);
        server.Processes.Should().HaveCount(2, "there are a master and a gateway");
    }
}
