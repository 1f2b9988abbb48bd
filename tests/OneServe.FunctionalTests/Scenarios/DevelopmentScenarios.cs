using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>A day's work on a real Django site and on several applications, and errors in the browser.</summary>
public sealed class DevelopmentScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private const string View = "def count(request):\n    return HttpResponse(\"{0}\", content_type=\"text/plain\")\n";

    [Theory]
    [Scenario("django-view-is-edited")]
    [InlineData("")]
    [InlineData("lazy-apps = true")]
    public async Task A_django_view_is_edited_broken_and_mended(string line)
    {
        Site.CopyApp("djangosite", "myproj");
        string views = Site.PathOf("myproj/pages/views.py");
        string code = await File.ReadAllTextAsync(views);
        void Edit(string text) => Site.Write("myproj/pages/views.py", code + "\n\n" + text);
        Interpreters.MakeVirtualEnvironment(Site.PathOf("venv"));
        Interpreters.Run(Site.PathOf("venv/bin/python"), Site.PathOf("myproj/manage.py"), "migrate", "--verbosity", "0");
        Site.Ini(Site.Http, "chdir = myproj", "module = myproj.wsgi", $"home = {Site.PathOf("venv")}", "processes = 2", "py-autoreload = 1", "disable-logging = true", line);
        var server = await StartAsync("site.ini");
        // A worker tells after its answer what the request has loaded, and takes the next one then: with three, one of the two has told.
        for (int request = 0; request < 3; request++)
            (await server.GetAsync("/count/")).Text.Should().Be("1", "the first request has Django load its views");

        Edit(View.Replace("{0}", "the edited view", StringComparison.Ordinal));
        await Poll.Until(async () => (await server.GetAsync("/count/")).Text == "the edited view", "the edited view answers");
        // A worker that had not been asked yet has read it even before.
        await server.WaitForLineAsync(Messages.Reloaded);

        Edit(View.Replace("{0}\"", "the quote is missing", StringComparison.Ordinal));
        await server.WaitForLineAsync(Messages.ReloadFailed);
        await server.WaitForLineAsync(Messages.Word("SyntaxError"));
        (await server.GetAsync("/count/")).Text.Should().Be("the edited view", "the old code goes on");

        Edit("import no_such_module\n");
        await server.WaitForLineAsync(Messages.Word("No module named 'no_such_module'"));
        (await server.GetAsync("/count/")).Text.Should().Be("the edited view");

        Edit(View.Replace("{0}", "mended", StringComparison.Ordinal));
        await Poll.Until(async () => (await server.GetAsync("/count/")).Text == "mended", "the mended view answers");
    }

    [Theory]
    [Scenario("mounted-applications-reload")]
    [InlineData("lazy-apps = false")]
    [InlineData("lazy-apps = true")]
    public async Task A_change_in_any_of_several_applications_reloads(string line)
    {
        const string App = """
            def application(environ, start_response):
                start_response("200 OK", [("Content-Type", "text/plain")])
                return [TEXT]
            """;
        void Write(string file, string text) => Site.Write(file, $"TEXT = b'{text}'\n{App}");
        Write("first.py", "first");
        Write("shop/wsgi.py", "shop");
        Write("elsewhere/blog.py", "blog");
        Site.ProbeIni("module = first", "mount = /shop=shop.wsgi:application", "mount = /blog=elsewhere/blog.py", "py-autoreload = 1", line);
        var server = await StartAsync("site.ini");

        foreach (var (file, path) in new[] { ("first.py", "/"), ("shop/wsgi.py", "/shop"), ("elsewhere/blog.py", "/blog") })
        {
            Write(file, $"new {path}");
            await Poll.Until(async () => (await server.GetAsync(path)).Text == $"new {path}", $"{file} is loaded anew");
        }
    }

    [Fact]
    [Scenario("catch-exceptions-shows-the-stack")]
    public async Task An_exception_is_shown_when_that_is_asked_for()
    {
        Site.Write("site_app.py", "def application(environ, start_response):\n    raise ValueError('<script>')\n");
        Site.ProbeIni("module = site_app", "catch-exceptions = true");
        var server = await StartAsync("site.ini");
        await server.WaitForLineAsync(Messages.Word("it is for development alone"));

        var text = await server.GetAsync("/a");
        text.Status.Should().Be(500);
        text["Content-Type"].Should().Be("text/plain; charset=utf-8");
        text.Text.Should().StartWith("Traceback").And.Contain("site_app.py").And.EndWith("ValueError: <script>\n");
        var page = await server.GetAsync("/a?b", "Accept: text/html,application/xhtml+xml");
        page.Status.Should().Be(500);
        page["Content-Type"].Should().Be("text/html; charset=utf-8");
        page.Text.Should().Contain("ValueError: &lt;script&gt;").And.Contain("GET /a").And.NotContain("<script>");
        await server.StopAsync();

        Site.ProbeIni("module = site_app");
        var quiet = await StartAsync("site.ini");
        (await quiet.GetAsync("/a", "Accept: text/html")).Text.Should().Be("Internal Server Error\n");
    }
}
