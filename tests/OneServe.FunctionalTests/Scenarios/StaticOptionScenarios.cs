using System.Globalization;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>The options of static files, each through the whole server.</summary>
public sealed class StaticOptionScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private static readonly DateTime Written = new(2024, 2, 29, 12, 34, 56, DateTimeKind.Utc);

    [Fact]
    [Scenario("static-index-and-redirect")]
    public async Task A_directory_with_an_index_is_that_page()
    {
        Site.Write("static/index.html", "top");
        Site.Write("static/guide/index.htm", "guide");
        Site.Write("static/bare/a.txt", "a");
        Site.Write("static/line\nfeed/index.html", "odd");
        var server = await StartAsync("static-map = /static=static", "static-index = index.html", "static-index = index.htm");

        (await server.GetAsync("/static/")).Text.Should().Be("top");
        var page = await server.GetAsync("/static/guide/");
        page.Text.Should().Be("guide");
        page["Content-Type"].Should().Be("text/html; charset=utf-8");
        var redirect = await server.GetAsync("/static/guide?x=1&y=%0d%0a");
        redirect.Status.Should().Be(301);
        redirect["Location"].Should().Be("/static/guide/?x=1&y=%0d%0a");
        redirect["Cache-Control"].Should().Be("public, max-age=60");
        (await server.GetAsync("/static"))["Location"].Should().Be("/static/");
        (await server.GetAsync("/static/line%0Afeed"))["Location"].Should().Be("/static/line%0Afeed/");
        (await server.GetAsync("/static/bare/")).Text.Should().Be("no probe at /static/bare/");
    }

    [Fact]
    [Scenario("static-redirect-stays-on-the-server")]
    public async Task A_redirect_never_leads_to_another_server()
    {
        Site.Write("public/example.org/index.html", "a directory that is called like a host");
        var server = await StartAsync("check-static = public", "static-index = index.html");

        (await server.GetAsync("//example.org"))["Location"].Should().Be("/example.org/");
        (await server.GetAsync("/example.org"))["Location"].Should().Be("/example.org/");
    }

    [Fact]
    [Scenario("check-static-and-static-map2")]
    public async Task The_order_is_check_static_then_static_map_then_static_map2()
    {
        Site.Write("public/robots.txt", "robots");
        Site.Write("public/static/a.txt", "checked");
        Site.Write("mapped/a.txt", "mapped");
        Site.Write("mapped/b.txt", "mapped");
        Site.Write("whole/static/b.txt", "whole");
        Site.Write("whole/static/c.txt", "whole");
        var server = await StartAsync("static-map2 = /static=whole", "static-map = /static=mapped", "check-static = public");

        (await server.GetAsync("/robots.txt")).Text.Should().Be("robots");
        (await server.GetAsync("/static/a.txt")).Text.Should().Be("checked");
        (await server.GetAsync("/static/b.txt")).Text.Should().Be("mapped");
        (await server.GetAsync("/static/c.txt")).Text.Should().Be("whole");
        (await server.GetAsync("/hello")).Text.Should().Be("Hello, world!");
    }

    [Fact]
    [Scenario("static-safe-allows-a-place-outside")]
    public async Task Links_may_lead_to_the_safe_places_alone()
    {
        Site.Write("shared/logo.svg", "<svg/>");
        Site.Write("secret/key", "the secret");
        Site.Write("static/a.txt", "a");
        File.CreateSymbolicLink(Site.PathOf("static/logo.svg"), Site.PathOf("shared/logo.svg"));
        File.CreateSymbolicLink(Site.PathOf("static/key"), Site.PathOf("secret/key"));
        var server = await StartAsync("static-map = /static=static", "static-safe = shared");

        (await server.GetAsync("/static/logo.svg")).Text.Should().Be("<svg/>");
        (await server.GetAsync("/static/key")).Text.Should().Be("no probe at /static/key");
    }

    [Fact]
    [Scenario("static-skip-ext-and-dotfiles")]
    public async Task Suffixes_are_skipped_and_dot_files_served_when_asked()
    {
        Site.Write("static/a.php", "source");
        Site.Write("static/.config", "dot");
        var server = await StartAsync("static-map = /static=static", "static-skip-ext = .php", "static-dotfiles = true");

        (await server.GetAsync("/static/a.php")).Text.Should().Be("no probe at /static/a.php");
        (await server.GetAsync("/static/.config")).Text.Should().Be("dot");
    }

    [Fact]
    [Scenario("static-404-does-not-ask-the-application")]
    public async Task Below_a_closed_prefix_a_miss_is_404_at_once()
    {
        Site.Write("static/a.css", "a");
        var server = await StartAsync("static-map = /static=static", "static-map = /media=static", "static-404 = /static");

        var missing = await server.GetAsync("/static/none.css");
        missing.Status.Should().Be(404);
        missing.Body.Should().BeEmpty("the application would have written something");
        var post = await server.PostAsync("/static/a.css", new byte[100_000]);
        post.Status.Should().Be(405);
        post["Allow"].Should().Be("GET, HEAD");
        (await server.GetAsync("/media/none.css")).Text.Should().Be("no probe at /media/none.css");
        (await server.GetAsync("/staticfoo")).Text.Should().Be("no probe at /staticfoo");
    }

    [Fact]
    [Scenario("static-expires-and-its-kin")]
    public async Task Expiry_is_as_asked()
    {
        foreach (string name in (string[])["a.css", "a.png", "a.js", "a.txt", "a.0123456789ab.txt", "chunk-DiwrgTda.txt", "pdf/a.pdf"])
            File.SetLastWriteTimeUtc(Site.Write($"static/{name}", "x"), Written);
        var server = await StartAsync(
            "static-map = /static=static", @"static-expires = \.css$ 3600", "static-expires-type-mtime = image/png=60", @"static-expires-uri = \?v=\d+$ 86400",
            "static-expires-path-info = ^/static/pdf/ 10", @"static-immutable = -\w{8}\.txt$");

        async Task<(string? CacheControl, string? Expires)> Of(string target)
        {
            var reply = await server.GetAsync(target);
            reply.Status.Should().Be(200);
            return (reply["Cache-Control"], reply["Expires"]);
        }

        var style = await Of("/static/a.css");
        style.CacheControl.Should().Be("public, max-age=3600");
        var expires = DateTimeOffset.ParseExact(style.Expires!, "r", CultureInfo.InvariantCulture);
        (expires - DateTimeOffset.UtcNow).TotalSeconds.Should().BeInRange(3500, 3601);
        (await Of("/static/a.png")).Should().Be(("public", Written.AddSeconds(60).ToString("r", CultureInfo.InvariantCulture)));
        (await Of("/static/a.js?v=12")).CacheControl.Should().Be("public, max-age=86400");
        (await Of("/static/a.js")).Should().Be(("public, max-age=60", null));
        (await Of("/static/pdf/a.pdf")).CacheControl.Should().Be("public, max-age=10");
        (await Of("/static/a.txt")).CacheControl.Should().Be("public, max-age=60");
        (await Of("/static/a.0123456789ab.txt")).CacheControl.Should().Be("public, max-age=31536000, immutable");
        (await Of("/static/chunk-DiwrgTda.txt")).CacheControl.Should().Be("public, max-age=31536000, immutable");
    }

    [Fact]
    [Scenario("static-siblings-by-weight")]
    public async Task Siblings_are_chosen_by_the_clients_weights()
    {
        foreach (string suffix in (string[])["", ".br", ".zst", ".gz"])
            Site.Write($"static/app.js{suffix}", "as" + suffix);
        Site.Write("static/plain.js", "plain");
        Site.Write("media/app.js", "as");
        Site.Write("media/app.js.gz", "not asked for");
        var server = await StartAsync("static-map = /static=static", "static-map = /media=media", $"static-gzip-dir = {Site.PathOf("static")}");

        async Task<HttpReply> Ask(string accept) => await server.GetAsync("/static/app.js", $"Accept-Encoding: {accept}");
        var best = await Ask("gzip, deflate, br, zstd");
        best.Text.Should().Be("as.br");
        best["Content-Encoding"].Should().Be("br");
        best["Vary"].Should().Be("Accept-Encoding");
        best["Content-Type"].Should().Be("text/javascript; charset=utf-8");
        (await Ask("gzip;q=0.5, zstd")).Text.Should().Be("as.zst");
        (await Ask("br;q=0.1, gzip")).Text.Should().Be("as.gz");
        var none = await Ask("gzip;q=0, br;q=0");
        none.Text.Should().Be("as");
        none["ETag"].Should().NotBe(best["ETag"], "each coding has a tag of its own");
        (await server.GetAsync("/static/plain.js", "Accept-Encoding: gzip"))["Vary"].Should().BeNull();
        (await server.GetAsync("/media/app.js", "Accept-Encoding: gzip")).Text.Should().Be("as", "siblings are looked for in one directory alone");
    }

    [Fact]
    [Scenario("static-types-of-a-file")]
    public async Task Types_are_added_by_a_file()
    {
        Site.Write("types", "application/x-weird weird\ntext/x-note note\n");
        Site.Write("static/a.weird", "x");
        Site.Write("static/a.css", "x");
        var server = await StartAsync("static-map = /static=static", "mimefile = types", "mimefile = nowhere");

        (await server.GetAsync("/static/a.weird"))["Content-Type"].Should().Be("application/x-weird");
        (await server.GetAsync("/static/a.css"))["Content-Type"].Should().Be("text/css; charset=utf-8");
        await server.WaitForLineAsync(Messages.Word("nowhere does not exist"));
    }

    [Fact]
    [Scenario("static-prefix-within-a-segment-is-told")]
    public async Task A_prefix_that_ends_within_a_segment_is_told()
    {
        Site.Write("images/a.png", "x");
        var server = await StartAsync("static-map = /img-=images");

        (await server.GetAsync("/img-/a.png")).Text.Should().Be("x");
        (await server.GetAsync("/img-a.png")).Text.Should().Be("no probe at /img-a.png");
        await server.WaitForLineAsync(Messages.Word("`/img-` matches that segment of a path alone"));
    }

    private new async Task<OneServeProcess> StartAsync(params string[] lines)
    {
        Site.ProbeIni(lines);
        return await base.StartAsync("site.ini");
    }
}
