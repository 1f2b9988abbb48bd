using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>Several applications under one server, and what else is imported.</summary>
public sealed class MountScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private const string Names = """
        import json, os, sys

        def make(name):
            def application(environ, start_response):
                start_response("200 OK", [("Content-Type", "application/json")])
                facts = [name, environ["SCRIPT_NAME"], environ["PATH_INFO"], environ["REQUEST_URI"]]
                return [json.dumps(facts).encode("ascii")]
            return application

        application, blog, feed = make("main"), make("blog"), make("feed")

        def facts(environ, start_response):
            start_response("200 OK", [])
            return [json.dumps([sys.argv[1:], os.environ.get("SHARED_BY") == str(os.getpid()), os.environ.get("OWN_BY") == str(os.getpid())]).encode()]
        """;

    [Fact]
    [Scenario("mounts-split-the-path")]
    public async Task Mounts_split_the_path()
    {
        await StartNamesAsync("module = names", "mount = /blog=names:blog", "mount = /blog/feed=names:feed", "mount = /shop=shop.py", "manage-script-name = true");

        foreach (var (target, expected) in new[]
        {
            ("/", """["main", "", "/", "/"]"""),
            ("/blog", """["blog", "/blog", "", "/blog"]"""),
            ("/blog/", """["blog", "/blog", "/", "/blog/"]"""),
            ("/blog/1?q=/blog/feed", """["blog", "/blog", "/1", "/blog/1?q=/blog/feed"]"""),
            ("/blogger", """["main", "", "/blogger", "/blogger"]"""),
            ("/blog/feed/1", """["feed", "/blog/feed", "/1", "/blog/feed/1"]"""),
            ("/blog/feeds", """["blog", "/blog", "/feeds", "/blog/feeds"]"""),
            ("/%62log/x", """["blog", "/blog", "/x", "/%62log/x"]"""),
            ("/y/../shop/x", """["shop", "/shop", "/x", "/y/../shop/x"]"""),
            ("/shop%2Fx", """["shop", "/shop", "/x", "/shop%2Fx"]"""),
            ("//blog", """["main", "", "//blog", "//blog"]"""),
            ("/blog//x", """["blog", "/blog", "//x", "/blog//x"]"""),
        })
        {
            (await RawHttp.GetAsync(Site.EndPoint, target)).Text.Should().Be(expected, target);
        }
    }

    [Fact]
    [Scenario("mounts-without-splitting")]
    public async Task Without_manage_script_name_the_path_stays_whole()
    {
        var server = await StartNamesAsync("mount = /shop=shop.py", "mount = /blog=names:blog");

        (await server.GetAsync("/blog/1")).Text.Should().Be("""["blog", "", "/blog/1", "/blog/1"]""");
        (await server.GetAsync("/elsewhere")).Text.Should().StartWith("""["shop", "", "/elsewhere",""", "the first application serves what no mount covers");
    }

    [Fact]
    [Scenario("bad-mount-is-a-mistake")]
    public async Task A_mount_that_cannot_be_loaded_is_a_mistake()
    {
        Write();
        Site.Ini(Site.Http, $"chdir = {Site.Directory}", "module = names", "mount = /blog=names:blogg");
        var outcome = await RunAsync("site.ini");
        outcome.ExitCode.Should().Be(22);
        outcome.Output.Should().Contain("blogg").And.Contain("blog, ");

        Site.Ini(Site.Http, $"chdir = {Site.Directory}", "module = names", "mount = /blog");
        outcome = await RunAsync("site.ini");
        outcome.ExitCode.Should().Be(1);
        outcome.Output.Should().Contain("mount = /blog=blog.wsgi:application");
    }

    [Fact]
    [Scenario("arguments-and-imports")]
    public async Task Arguments_are_given_and_modules_imported()
    {
        foreach (bool lazy in new[] { false, true })
        {
            var server = await StartNamesAsync(
                "module = names:facts", "pyargv = --site blog  x", "shared-import = shared", "import = own.py", $"lazy-apps = {lazy}");

            string expected = lazy ? "[[\"--site\", \"blog\", \"x\"], false, true]" : "[[\"--site\", \"blog\", \"x\"], false, false]";
            (await server.GetAsync("/")).Text.Should().Be(expected, "with lazy-apps = {0}", lazy);
            await server.StopAsync();
        }
    }

    private void Write()
    {
        Site.Write("names.py", Names);
        Site.Write("shop.py", "import names\napplication = names.make('shop')\n");
        Site.Write("shared.py", "import os\nos.environ['SHARED_BY'] = str(os.getpid())\n");
        Site.Write("own.py", "import os\nos.environ['OWN_BY'] = str(os.getpid())\n");
    }

    private async Task<OneServeProcess> StartNamesAsync(params string[] lines)
    {
        Write();
        Site.Ini([Site.Http, $"chdir = {Site.Directory}", .. lines]);
        return await StartAsync("site.ini");
    }
}
