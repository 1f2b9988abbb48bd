using System.Text.Json;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>`oneserve check` and `oneserve config`: what is wrong, and what is in force, without a start.</summary>
public sealed class CheckScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Fact]
    [Scenario("check-tells-every-finding")]
    public async Task Check_tells_every_finding_with_its_place_an_excerpt_and_the_fix()
    {
        Site.Ini(
            Site.Http, "processes = ten", "chdir = /nowhere/at/all", "module = probe", "proceses = 2", "attach-daemon = celery worker", "Restart = always",
            "env = API_TOKEN=geheim", "threads = -1 ; too few", "thunder-lock = true");

        var outcome = await RunAsync("check", "site.ini");

        outcome.ShouldBeMistake(
            Messages.Word("site.ini:3:13: error: `processes` needs a whole number, not `ten`"),
            Messages.Word("    3 | processes = ten\n      |             ^\n"),
            Messages.Word("site.ini:4:1: error: `chdir`: /nowhere/at/all does not exist"),
            Messages.Word("site.ini:6:1: warning: unknown option `proceses`"),
            Messages.Word("= did you mean `processes`?"),
            Messages.Word("site.ini:7:1: warning: `attach-daemon`"),
            Messages.Word("= run it as a unit or a container of its own"),
            Messages.Word("= that is a key of systemd: it belongs into the unit file"),
            Messages.At("site.ini", 10),
            Messages.Word("`thunder-lock` is not needed here: workers do not compete"));
        outcome.Output.Should().NotContain("geheim");
    }

    [Fact]
    [Scenario("check-passes-without-running-python")]
    public async Task Check_passes_and_runs_neither_python_nor_a_command()
    {
        string marker = Site.PathOf("ran");
        string python = Site.Write("venv/bin/python", $"#!/bin/sh\ntouch {marker}\n");
        File.SetUnixFileMode(python, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Site.Write("venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.11.2\n");
        Site.Ini(Site.Http, $"chdir = {Site.Directory}", "module = probe", "home = venv", $"exec-asap = touch {marker}", "pidfile = site.pid", "http = site.sock");

        var outcome = await RunAsync("check", "site.ini");

        outcome.ExitCode.Should().Be(0, outcome.Output);
        outcome.Output.Should().Contain("Python 3.11").And.Contain("0 errors");
        File.Exists(marker).Should().BeFalse("nothing is run");
        Directory.GetFiles(Site.Directory, "site.*").Select(Path.GetFileName).Should().Equal(["site.ini"], "nothing is made");
    }

    [Fact]
    [Scenario("check-as-json")]
    public async Task Check_answers_in_json()
    {
        Site.ProbeIni("harakiri = soon");

        var outcome = await RunAsync("check", "--json", "site.ini");

        outcome.ExitCode.Should().Be(1);
        var answer = JsonDocument.Parse(outcome.Output).RootElement;
        answer.GetProperty("ok").GetBoolean().Should().BeFalse();
        var finding = answer.GetProperty("findings").EnumerateArray().Single(item => item.GetProperty("severity").GetString() == "error");
        finding.GetProperty("file").GetString().Should().Be("site.ini");
        finding.GetProperty("line").GetInt32().Should().Be(7);
        finding.GetProperty("column").GetInt32().Should().Be(12);
        finding.GetProperty("message").GetString().Should().Contain("harakiri");
    }

    [Fact]
    [Scenario("check-of-the-environment")]
    public async Task Check_and_config_read_what_the_environment_names()
    {
        Site.ProbeIni("processes = 3");
        var environment = new Dictionary<string, string?> { ["UWSGI_INI"] = "site.ini" };

        var found = await Launch(environment, "check").WaitForExitAsync();
        var shown = await Launch(environment, "config").WaitForExitAsync();

        found.ExitCode.Should().Be(0, found.Output);
        found.Output.Should().Contain("0 errors");
        shown.Output.Should().MatchRegex("(?m)^processes = 3 +; site.ini:7$");
        (await RunAsync("check")).ShouldBeMistake(Messages.Word("Usage: oneserve"));
    }

    [Theory]
    [Scenario("check-looks-at-the-machine")]
    [InlineData("uid = nobody-of-that-name", "there is no such user")]
    [InlineData("gid = nobodies", "there is no such group")]
    [InlineData("chown-socket = nobody-of-that-name", "there is no user")]
    [InlineData("home = no-venv", "there is no Python in it")]
    [InlineData("pidfile = nowhere/site.pid", "does not exist")]
    [InlineData("http = 192.0.2.1:80", "none of this machine's")]
    [InlineData("http = nowhere/site.sock", "does not exist")]
    [InlineData("http = ./site.ini", "no socket")]
    [InlineData("module = probe.nothing", "there is no module")]
    [InlineData("wsgi-file = nothing.py\nmodule =", "`module` needs a value")]
    [InlineData("error-page-404 = nothing.html", "does not exist")]
    public async Task Check_looks_at_the_machine(string line, string expected)
    {
        Site.Write("probe/__init__.py", "");
        File.Delete(Site.PathOf("probe.py"));
        Site.ProbeIni(line);

        (await RunAsync("check", "site.ini")).ShouldBeMistake(Messages.At("site.ini", line.Contains('\n') ? 8 : 7), Messages.Word(expected));
    }

    [Fact]
    [Scenario("check-beside-the-running-server")]
    public async Task Check_beside_the_running_server_tells_what_it_has()
    {
        Site.ProbeIni($"pidfile = {Site.PathOf("site.pid")}");
        var server = await StartAsync("site.ini");

        string told = Interpreters.Run(Repository.Executable, "check", Site.PathOf("site.ini"));

        told.Should().Contain($"`{Site.Http}` is in use, by the running server").And.Contain("a server with this pidfile is running");
        (await server.GetAsync("/hello")).Text.Should().Be("Hello, world!");
    }

    [Fact]
    [Scenario("check-imports-the-application")]
    public async Task Check_imports_the_application_when_told()
    {
        Site.ProbeIni();
        var good = await RunAsync("check", "--load", "site.ini");
        good.ExitCode.Should().Be(0, good.Output);
        good.Output.Should().Contain("the application can be imported");

        Site.Write("probe.py", "import nothing_of_that_name\n");
        (await RunAsync("check", "site.ini")).ExitCode.Should().Be(0, "without --load nobody looks into the file");
        (await RunAsync("check", "--load", "site.ini")).ShouldBeMistake(
            Messages.At("site.ini", 4), Messages.Traceback, Messages.Word("No module named 'nothing_of_that_name'"));
    }

    [Fact]
    [Scenario("check-asks-django")]
    public async Task Check_shows_the_findings_of_django()
    {
        Site.CopyApp("djangosite", "myproj");
        Site.Ini(Site.Http, $"chdir = {Site.PathOf("myproj")}", "module = myproj.wsgi");

        var outcome = await RunAsync("check", "--django", "site.ini");

        outcome.Output.Should().Contain("myproj/manage.py: warning: (security.W");
        Messages.StackTrace.IsMatch(outcome.Output).Should().BeFalse(outcome.Output);
    }

    [Fact]
    [Scenario("config-tells-where-values-come-from")]
    public async Task Config_tells_what_is_in_force_and_where_it_was_written()
    {
        Site.Write("common.ini", "[uwsgi]\nprocesses = 3\n");
        Site.Write("secrets.env", "DATABASE_URL=postgres://site:geheim@db/site\n");
        Site.Ini(Site.Http, "ini = common.ini", "module = $(MODULE)", "env-file = secrets.env", "env = SECRET_KEY=geheim", "harakiri = 30", "harakiri = 60");
        var environment = new Dictionary<string, string?> { ["MODULE"] = "probe", ["ONESERVE_THREADS"] = "4" };

        var outcome = await Launch(environment, "config", "site.ini", "--listen=77").WaitForExitAsync();

        outcome.ExitCode.Should().Be(0, outcome.Output);
        foreach (string line in (string[])
        [
            $"{Site.Http} +; site.ini:2", "processes = 3 +; common.ini:2", "module = probe +; site.ini:4", "harakiri = 60 +; site.ini:8", "threads = 4 +; environment",
            "listen = 77 +; command line", $@"env = SECRET_KEY=\*+ +; site.ini:6", $@"env = DATABASE_URL=\*+ +; {Site.PathOf("secrets.env")}:1",
        ])
        {
            outcome.Output.Should().MatchRegex($"(?m)^{line}$");
        }

        outcome.Output.Should().NotContain("geheim").And.NotContain("harakiri = 30");
    }

    [Fact]
    [Scenario("help-about-an-option")]
    public async Task Help_about_one_option_or_a_topic()
    {
        (await RunAsync("--help", "workers")).Output.Should().Contain("--processes N").And.Contain("workers is another name of processes").And.Contain("It works.");
        (await RunAsync("--help=workers")).Output.Should().Contain("workers is another name of processes");
        (await RunAsync("--help", "emperor")).Output.Should().Contain("It is an error. Instead: use a systemd template unit");
        (await RunAsync("--help", "static-files")).Output.Should().Contain("--static-map PREFIX=PATH").And.NotContain("--harakiri");
        (await RunAsync("--help", "proceses")).ShouldBeMistake(Messages.Word("did you mean `processes`?"));
    }
}
