using System.Globalization;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

public sealed class StaticFileScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private const string Style = "body { color: black; }\n";

    [Theory]
    [Scenario("static-file-with-type-and-date")]
    [InlineData("style.css", "text/css")]
    [InlineData("script.js", "text/javascript|application/javascript")]
    [InlineData("picture.png", "image/png")]
    [InlineData("font.woff2", "font/woff2")]
    [InlineData("page.html", "text/html")]
    [InlineData("data.json", "application/json")]
    public async Task A_file_has_type_length_and_date(string name, string type)
    {
        string path = Site.Write($"static/{name}", Style);
        var written = new DateTime(2024, 2, 29, 12, 34, 56, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, written);
        var server = await StartStaticAsync();

        var reply = await server.GetAsync($"/static/{name}?v=1");

        reply.Status.Should().Be(200);
        reply.Text.Should().Be(Style);
        reply["Content-Type"].Should().MatchRegex($"^({type})");
        reply["Content-Length"].Should().Be($"{Style.Length}");
        reply["Last-Modified"].Should().Be(written.ToString("R", CultureInfo.InvariantCulture));
    }

    [Fact]
    [Scenario("static-not-modified")]
    public async Task A_file_the_client_has_is_answered_304()
    {
        Site.Write("static/style.css", Style);
        var server = await StartStaticAsync();
        await using var connection = await server.ConnectAsync();
        string date = (await connection.RequestAsync("GET", "/static/style.css"))["Last-Modified"]!;

        var same = await connection.RequestAsync("GET", "/static/style.css", null, $"If-Modified-Since: {date}");
        var older = await connection.RequestAsync("GET", "/static/style.css", null, "If-Modified-Since: Thu, 01 Jan 2015 00:00:00 GMT");

        same.Status.Should().Be(304);
        same.Body.Should().BeEmpty();
        older.Status.Should().Be(200);
        older.Text.Should().Be(Style);
    }

    [Fact]
    [Scenario("static-ranges")]
    public async Task Ranges_of_a_file_are_served()
    {
        Site.Write("static/digits.txt", "0123456789");
        var server = await StartStaticAsync();

        var middle = await server.GetAsync("/static/digits.txt", "Range: bytes=2-5");
        middle.Status.Should().Be(206);
        middle.Text.Should().Be("2345");
        middle["Content-Range"].Should().Be("bytes 2-5/10");
        (await server.GetAsync("/static/digits.txt", "Range: bytes=-3")).Text.Should().Be("789");
        (await server.GetAsync("/static/digits.txt", "Range: bytes=7-")).Text.Should().Be("789");
        var beyond = await server.GetAsync("/static/digits.txt", "Range: bytes=20-");
        beyond.Status.Should().Be(416);
        beyond["Content-Range"].Should().Be("bytes */10");
    }

    [Theory]
    [Scenario("no-way-out-of-the-directory")]
    [InlineData("/static/../secret.txt")]
    [InlineData("/static/sub/../../secret.txt")]
    [InlineData("/static/%2e%2e/secret.txt")]
    [InlineData("/static/..%2fsecret.txt")]
    [InlineData("/static/%2e%2e%2fsecret.txt")]
    [InlineData("/static/..%5csecret.txt")]
    [InlineData("/static//../secret.txt")]
    [InlineData("/static/%252e%252e/secret.txt")]
    [InlineData("/static../secret.txt")]
    [InlineData("/static/outside.txt")]
    [InlineData("/static/outside/secret.txt")]
    [InlineData("/static/style.css%00.txt")]
    public async Task There_is_no_way_out_of_the_directory(string target)
    {
        Site.Write("secret.txt", "the secret");
        Site.Write("static/style.css", Style);
        Site.Write("static/sub/a.txt", "a");
        File.CreateSymbolicLink(Site.PathOf("static/outside.txt"), Site.PathOf("secret.txt"));
        File.CreateSymbolicLink(Site.PathOf("static/outside"), Site.Directory);
        var server = await StartStaticAsync();

        var reply = await server.GetAsync(target);

        reply.Status.Should().BeInRange(400, 404);
        reply.Text.Should().NotContain("the secret");
    }

    [Fact]
    [Scenario("static-falls-through")]
    public async Task What_is_no_file_goes_to_the_application()
    {
        Site.Write("static/style.css", Style);
        Site.Write("more/extra.css", "extra");
        Site.ProbeIni("static-map = /static=static", "static-map = /static=more");
        var server = await StartAsync("site.ini");

        (await server.GetAsync("/static/extra.css")).Text.Should().Be("extra", "the next map of the same prefix is asked");
        (await server.GetAsync("/static/missing.css")).Text.Should().Be("no probe at /static/missing.css");
        (await server.GetAsync("/static/")).Text.Should().Be("no probe at /static/", "a directory is not listed");
        (await server.GetAsync("/staticfoo")).Text.Should().Be("no probe at /staticfoo", "a prefix ends at a segment");
        (await server.PostAsync("/static/style.css", [])).Text.Should().Be("no probe at /static/style.css", "only GET and HEAD");
    }

    [Fact]
    [Scenario("static-map-of-one-file")]
    public async Task One_file_is_mapped()
    {
        Site.Write("static/favicon.ico", "icon");
        Site.ProbeIni("static-map = /favicon.ico=static/favicon.ico");
        var server = await StartAsync("site.ini");

        (await server.GetAsync("/favicon.ico")).Text.Should().Be("icon");
    }

    [Theory]
    [Scenario("large-files-arrive-whole")]
    [InlineData(0)]
    [InlineData(65_537)]
    [InlineData(1_048_576)]
    [InlineData(30_000_000)]
    public async Task Files_of_every_size_arrive_whole(int size)
    {
        byte[] bytes = new byte[size];
        Random.Shared.NextBytes(bytes);
        Site.Write("static/file.bin", bytes);
        var server = await StartStaticAsync();
        await using var connection = await server.ConnectAsync();

        for (int request = 0; request < 3; request++)
        {
            var reply = await connection.RequestAsync("GET", "/static/file.bin");
            reply.Body.AsSpan().SequenceEqual(bytes).Should().BeTrue();
        }
    }

    [Fact]
    [Scenario("changed-file-is-seen")]
    public async Task A_changed_replaced_or_removed_file_is_seen()
    {
        string path = Site.Write("static/style.css", Style);
        var server = await StartStaticAsync();
        (await server.GetAsync("/static/style.css")).Text.Should().Be(Style);

        string next = Site.Write("next.css", "replaced by rename, and longer than before\n");
        File.Move(next, path, overwrite: true);
        await Poll.Until(
            async () => (await server.GetAsync("/static/style.css")).Text.StartsWith("replaced", StringComparison.Ordinal), "the new file is served");

        File.Delete(path);
        await Poll.Until(async () => (await server.GetAsync("/static/style.css")).Status == 404, "the file has gone");
    }

    private async Task<OneServeProcess> StartStaticAsync()
    {
        Site.ProbeIni("static-map = /static=static");
        return await StartAsync("site.ini");
    }
}
