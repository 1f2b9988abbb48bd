using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>Files that the application names by X-Sendfile or X-Accel-Redirect.</summary>
public sealed class DelegatedFileScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private const string Own = "the application's own";

    [Fact]
    [Scenario("x-sendfile-sends-the-file")]
    public async Task A_file_named_by_path_is_sent_in_the_answers_place()
    {
        var server = await StartAsync("x-sendfile = protected");
        string file = Site.PathOf("protected/report.pdf");

        foreach (string form in (string[])["", "&stream=1"])
        {
            string fields = "Content-Disposition=attachment&Set-Cookie=a%3D1&ETag=%22wrong%22&Content-Encoding=gzip";
            var reply = await server.GetAsync($"/?X-Sendfile={file}&{fields}{form}");
            reply.Status.Should().Be(200);
            reply.Text.Should().Be("0123456789");
            reply["Content-Length"].Should().Be("10");
            reply["Content-Type"].Should().Be("application/pdf");
            reply["Content-Disposition"].Should().Be("attachment");
            reply["Set-Cookie"].Should().Be("a=1");
            reply["Cache-Control"].Should().Be("private, no-cache", "what an application guards is nobody else's");
            reply["X-Sendfile"].Should().BeNull("where the file lies is nobody's business");
            reply["ETag"].Should().NotBe("\"wrong\"", "a tag of the body that was not sent is no file's tag");
            reply["Content-Encoding"].Should().BeNull("neither is its coding the file's");
        }

        (await server.GetAsync($"/?X-Sendfile={file}&Content-Type=text/x-own&Cache-Control=max-age%3D5")).Headers.Should()
            .Contain(("Content-Type", "text/x-own")).And.Contain(("Cache-Control", "max-age=5"));
        var large = await server.GetAsync($"/?X-Sendfile={Site.PathOf("protected/large.bin")}");
        large.Body.Length.Should().Be(3_000_000);
    }

    [Fact]
    [Scenario("x-sendfile-has-conditions-and-ranges")]
    public async Task A_named_file_has_conditions_and_ranges()
    {
        var server = await StartAsync("x-sendfile = protected");
        string target = $"/?X-Sendfile={Site.PathOf("protected/report.pdf")}";
        string tag = (await server.GetAsync(target))["ETag"]!;

        var range = await server.GetAsync(target, "Range: bytes=2-4");
        range.Status.Should().Be(206);
        range.Text.Should().Be("234");
        range["Content-Range"].Should().Be("bytes 2-4/10");
        (await server.GetAsync(target, "Range: bytes=20-")).Status.Should().Be(416);
        var same = await server.GetAsync(target, $"If-None-Match: {tag}");
        same.Status.Should().Be(304);
        same.Body.Should().BeEmpty();
        await using var connection = await server.ConnectAsync();
        var head = await connection.RequestAsync("HEAD", target);
        head["Content-Length"].Should().Be("10");
        (await connection.RequestAsync("GET", target)).Text.Should().Be("0123456789", "the connection goes on");
        (await server.GetAsync(target + "&status=403%20Forbidden", "Range: bytes=2-4")).Should().BeEquivalentTo(new { Status = 403, Text = "0123456789" });
        (await server.GetAsync(target + "&status=206%20Partial%20Content&Content-Range=bytes%200-1/10")).Should()
            .BeEquivalentTo(new { Status = 200, Text = "0123456789" }, "the part that the client wants is chosen here");
        var empty = await connection.RequestAsync("GET", target + "&status=204%20No%20Content&body=");
        (empty.Status, empty.Text, empty["X-Sendfile"]).Should().Be((204, "", null));
        (await connection.RequestAsync("GET", target)).Text.Should().Be("0123456789");
    }

    [Fact]
    [Scenario("x-accel-redirect-sends-the-file")]
    public async Task A_file_named_by_url_is_sent()
    {
        Site.Write("protected/with space & ü.txt", "odd name");
        var server = await StartAsync("x-accel-redirect = /internal=protected", "x-sendfile = protected");

        (await server.GetAsync("/?X-Accel-Redirect=/internal/report.pdf")).Text.Should().Be("0123456789");
        (await server.GetAsync("/?X-Accel-Redirect=/internal/report.pdf%3Fx%3D1")).Text.Should().Be("0123456789");
        (await server.GetAsync("/?X-Accel-Redirect=/internal/with%2520space%2520%2526%2520%25C3%25BC.txt")).Text.Should().Be("odd name");
        var both = await server.GetAsync($"/?X-Accel-Redirect=/internal/none&X-Sendfile={Site.PathOf("protected/report.pdf")}");
        (both.Text, both["X-Accel-Redirect"]).Should().Be(("0123456789", null), "no client learns of either");
        (await server.GetAsync("/internal/report.pdf")).Text.Should().Be(Own, "the prefix is no address for clients");
    }

    [Theory]
    [Scenario("x-sendfile-keeps-to-its-directories")]
    [InlineData("X-Sendfile", "{site}/secret.txt")]
    [InlineData("X-Sendfile", "{site}/protected/../secret.txt")]
    [InlineData("X-Sendfile", "{site}/protected/out.txt")]
    [InlineData("X-Sendfile", "{site}/protected-beside/a.txt")]
    [InlineData("X-Sendfile", "{site}/protected/none.txt")]
    [InlineData("X-Sendfile", "{site}/protected/")]
    [InlineData("X-Sendfile", "{site}/protected")]
    [InlineData("X-Sendfile", "protected/report.pdf")]
    [InlineData("X-Sendfile", "/etc/passwd")]
    [InlineData("X-Accel-Redirect", "/internal/../secret.txt")]
    [InlineData("X-Accel-Redirect", "/internal/%252e%252e/secret.txt")]
    [InlineData("X-Accel-Redirect", "/internal/out.txt")]
    [InlineData("X-Accel-Redirect", "/internalfoo")]
    [InlineData("X-Accel-Redirect", "/other")]
    [InlineData("X-Accel-Redirect", "http://elsewhere/internal/report.pdf")]
    public async Task What_is_not_there_or_not_below_is_404(string field, string value)
    {
        Site.Write("secret.txt", "the secret");
        Site.Write("protected-beside/a.txt", "the secret");
        Site.Write("protected/a.txt", "a");
        File.CreateSymbolicLink(Site.PathOf("protected/out.txt"), Site.PathOf("secret.txt"));
        var server = await StartAsync("x-sendfile = protected", "x-accel-redirect = /internal=protected");

        var reply = await server.GetAsync($"/?{field}={value.Replace("{site}", Site.Directory, StringComparison.Ordinal)}&Set-Cookie=a");

        (reply.Status, reply.Text).Should().Be((404, ""));
    }

    [Fact]
    [Scenario("x-sendfile-undeclared-passes")]
    public async Task What_is_not_declared_passes_to_whatever_stands_in_front()
    {
        var server = await StartAsync();

        var reply = await server.GetAsync("/?X-Sendfile=/etc/passwd&X-Accel-Redirect=/internal/a");

        reply.Text.Should().Be(Own);
        reply["X-Sendfile"].Should().Be("/etc/passwd");
        reply["X-Accel-Redirect"].Should().Be("/internal/a");
    }

    private new async Task<OneServeProcess> StartAsync(params string[] lines)
    {
        Site.CopyApp("delegating.py");
        Site.Write("protected/report.pdf", "0123456789");
        Site.Write("protected/large.bin", new byte[3_000_000]);
        Site.Ini([Site.Http, $"chdir = {Site.Directory}", "module = delegating", .. lines]);
        return await base.StartAsync("site.ini");
    }
}
