using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>The examples start as they are; only the port is the test's.</summary>
public sealed class ExampleScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Theory]
    [Scenario("examples-work")]
    [InlineData("wsgi", "/", "It is ")]
    [InlineData("flask", "/", "<h1>Notes</h1>")]
    [InlineData("flask", "/static/style.css", "font:")]
    [InlineData("django", "/", "You have opened this page 1 time.")]
    [InlineData("django", "/static/guestbook/style.css", "--accent")]
    [InlineData("django", "/about/", "Worker")]
    public async Task Examples_work(string name, string target, string expected)
    {
        string directory = Path.Combine(Repository.Root, "examples", name);
        foreach (string file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Where(IsSource))
        {
            Site.Write(Path.GetRelativePath(directory, file), await File.ReadAllBytesAsync(file));
        }

        string ini = await File.ReadAllTextAsync(Site.PathOf("oneserve.ini"));
        ini.Should().Contain(":8000");
        Site.Write("oneserve.ini", ini.Replace(":8000", $"127.0.0.1:{Site.Port}", StringComparison.Ordinal));
        if (name == "django")
        {
            Interpreters.Run(Interpreters.System, Site.PathOf("manage.py"), "migrate", "--verbosity", "0");
            Interpreters.Run(Interpreters.System, Site.PathOf("manage.py"), "collectstatic", "--noinput", "--verbosity", "0");
        }

        var environment = new Dictionary<string, string?> { ["NOTES_FILE"] = Site.PathOf("notes.json") };
        var server = Launch(environment, "oneserve.ini");
        await server.WaitReadyAsync();

        var reply = await server.GetAsync(target);

        reply.Status.Should().Be(200);
        reply.Text.Should().Contain(expected);
    }

    private static bool IsSource(string path) =>
        !new[] { "/venv/", "/collected/", "/media/", "/__pycache__/", ".sqlite3" }.Any(part => path.Contains(part, StringComparison.Ordinal));
}
