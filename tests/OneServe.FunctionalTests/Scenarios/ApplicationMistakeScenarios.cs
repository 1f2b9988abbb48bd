using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>Applications that cannot be loaded: one clear message, exit code 22, nothing left.</summary>
public sealed class ApplicationMistakeScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private const int ModuleLine = 7;

    [Fact]
    [Scenario("module-not-found-is-a-mistake")]
    public async Task A_module_that_is_not_found_is_told_with_the_search_path()
    {
        var outcome = await RunModuleAsync("no_such_module.wsgi");

        outcome.ShouldBeApplicationMistake(
            Messages.At("site.ini", ModuleLine), Messages.Word("no_such_module"), Messages.Word("sys.path"),
            Messages.Word(Site.Directory), Messages.Word("/usr/lib/python3"));
    }

    [Fact]
    [Scenario("import-error-shows-the-traceback")]
    public async Task An_exception_of_the_import_shows_the_whole_traceback()
    {
        Site.Write("outer.py", "import inner\n");
        Site.Write("inner.py", "def calculate():\n    return 1 / 0\n\ncalculate()\n");

        var outcome = await RunModuleAsync("outer");

        outcome.ShouldBeApplicationMistake(
            Messages.Word("outer"), Messages.Traceback, Messages.Word("in calculate"), Messages.Word("ZeroDivisionError: division by zero"));
    }

    [Fact]
    [Scenario("module-missing-inside-is-no-missing-module")]
    public async Task A_module_missing_inside_the_application_is_told_as_such()
    {
        Site.Write("needy.py", "import a_library_that_is_not_installed\n");

        var outcome = await RunModuleAsync("needy");

        outcome.ShouldBeApplicationMistake(Messages.Traceback, Messages.Word("No module named 'a_library_that_is_not_installed'"), Messages.Word("needy.py"));
    }

    [Fact]
    [Scenario("syntax-error-in-python-is-told")]
    public async Task A_syntax_error_in_the_application_is_told_with_its_line()
    {
        Site.Write("typo.py", "x = 1\ndef application(:\n");

        var outcome = await RunModuleAsync("typo");

        outcome.ShouldBeApplicationMistake(Messages.Word("typo.py"), Messages.Word("line 2"), Messages.Word("SyntaxError"));
    }

    [Fact]
    [Scenario("callable-missing-names-what-there-is")]
    public async Task A_missing_callable_is_told_with_the_names_that_are_there()
    {
        Site.Write("named.py", "from probe import application as site_application\ndef build():\n    return site_application\n");

        var outcome = await RunModuleAsync("named:app");

        outcome.ShouldBeApplicationMistake(Messages.At("site.ini", ModuleLine), Messages.Word("app"), Messages.Word("site_application"), Messages.Word("build"));
    }

    [Fact]
    [Scenario("not-callable-is-a-mistake")]
    public async Task What_is_not_callable_is_a_mistake()
    {
        var outcome = await RunModuleAsync("probe:not_callable");

        outcome.ShouldBeApplicationMistake(Messages.At("site.ini", ModuleLine), Messages.Word("not_callable"));
    }

    [Fact]
    [Scenario("missing-wsgi-file-is-a-mistake")]
    public async Task A_wsgi_file_that_does_not_exist_is_a_mistake()
    {
        Site.Ini(Site.Http, $"chdir = {Site.Directory}", "wsgi-file = nowhere.py");

        (await RunAsync("site.ini")).ShouldBeApplicationMistake(Messages.At("site.ini", 4), Messages.Word("nowhere.py"));
    }

    [Theory]
    [Scenario("application-that-exits-is-a-mistake")]
    [InlineData("import sys\nsys.exit('refused to start')\n")]
    [InlineData("import os\nos._exit(0)\n")]
    [InlineData("import os\nos.kill(os.getpid(), 11)\n")]
    public async Task An_application_that_exits_while_it_is_imported_ends_the_start(string source)
    {
        Site.Write("leaving.py", source);

        (await RunModuleAsync("leaving")).ShouldBeApplicationMistake();
    }

    private async Task<Outcome> RunModuleAsync(string module)
    {
        Site.ProbeIni($"module = {module}");
        return await RunAsync("site.ini");
    }
}
