using OneServe.StaticFiles;

namespace OneServe.Tests.StaticFiles;

public sealed class MappingTests : IDisposable
{
    private readonly Site _site = new()
    {
        Maps =
        [
            "/static=first",
            "/static=second",
            "/static=missing",
            "/static/deep=deep",
            "/slash/=first",
            "/favicon.ico=icons/favicon.ico",
            "/médias=first",
            "/empty=",
            "/=public",
        ],
    };

    public MappingTests()
    {
        _site.Write("first/a.css", "first a");
        _site.Write("second/a.css", "second a");
        _site.Write("second/b.css", "second b");
        _site.Write("second/c", "a file");
        _site.Write("first/c/d.css", "below a directory");
        _site.Write("deep/x.css", "deep x");
        _site.Write("second/deep/y.css", "second y");
        _site.Write("icons/favicon.ico", "icon");
        _site.Write("public/robots.txt", "robots");
        _site.Write("public/staticfoo", "beside");
        _site.Write("public/b.css", "public b");
        _site.Write("public/.well-known/x", "known");
    }

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData("/static/a.css", "first a")]             // several maps on one prefix: the first that has it
    [InlineData("/static/b.css", "second b")]            // nothing found: the next map
    [InlineData("/static/c", "a file")]                  // a directory is no file: the next map
    [InlineData("/static/c/d.css", "below a directory")]
    [InlineData("/static/deep/x.css", "deep x")]         // a longer prefix declared later still gets its turn
    [InlineData("/static/deep/y.css", "second y")]
    [InlineData("/static/none.css", null)]               // nothing found anywhere: the application
    [InlineData("/static//a.css", "first a")]            // empty segments mean nothing to a file system
    [InlineData("/static/c//d.css", "below a directory")]
    [InlineData("/static", null)]
    [InlineData("/static/", null)]
    [InlineData("/static/c/", null)]
    [InlineData("/static/a.css/", null)]                 // a file is no directory
    [InlineData("/static/a.css/b", null)]
    [InlineData("/static/A.css", null)]
    [InlineData("/Static/a.css", null)]
    [InlineData("/staticfoo", "beside")]                 // not `foo` under /static
    [InlineData("/statica.css", null)]
    [InlineData("/slash/a.css", "first a")]
    [InlineData("/slasha.css", null)]
    [InlineData("/favicon.ico", "icon")]                 // a file as target
    [InlineData("/favicon.ico/any/thing", "icon")]
    [InlineData("/favicon.icon", null)]
    [InlineData("/m\u00c3\u00a9dias/a.css", "first a")]  // the configuration is UTF-8, so is the request
    [InlineData("/m\u00e9dias/a.css", null)]
    [InlineData("/robots.txt", "robots")]                // the prefix `/`
    [InlineData("/b.css", "public b")]
    [InlineData("/.well-known/x", "known")]
    [InlineData("/", null)]
    [InlineData("", null)]
    [InlineData("*", null)]
    public void A_path_is_answered_by_the_first_map_that_has_a_file(string path, string? body)
    {
        _site.Get(path).Should().Be(body);
        _site.Get(path).Should().Be(body, "the cache says the same");
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("HEAD", true)]
    [InlineData("POST", false)]
    [InlineData("OPTIONS", false)]
    [InlineData("get", false)]
    [InlineData("DELETE", false)]
    public void Only_get_and_head_are_static(string method, bool isStatic)
        => _site.Cache.TryRespond(new StaticRequest { Method = method, Path = "/static/a.css" }, out _).Should().Be(isStatic);

    [Fact]
    public void Missing_targets_are_named_and_served_once_they_appear()
    {
        _site.CreateMaps().FindMissingTargets().Select(map => map.Prefix).Should().Equal("/static", "/empty");
        _site.Get("/static/late.css").Should().BeNull();

        _site.Write("missing/late.css", "late");
        _site.Clock.Advance(1);

        _site.Get("/static/late.css").Should().Be("late");
        _site.CreateMaps().FindMissingTargets().Select(map => map.Prefix).Should().Equal("/empty");
    }

    [Fact]
    public void Head_describes_the_body_it_does_not_send()
    {
        var response = _site.Respond("HEAD", "/static/a.css");
        response.Should().BeEquivalentTo(new { Status = 200, ContentLength = 7, BodyKind = StaticBodyKind.None });
    }

    [Fact]
    public void A_file_is_described_by_its_header_fields()
    {
        var response = _site.Respond("GET", "/static/a.css");
        response.ContentType.ToString().Should().Be("text/css; charset=utf-8");
        response.ContentTypeOptions.ToString().Should().Be("nosniff");
        response.LastModified.ToString().Should().Be("Sun, 06 Nov 1994 08:49:37 GMT");
        response.ETag.ToString().Should().Be("\"ae1b981c3a4d6bc-7\"");
        response.CacheControl.ToString().Should().Be("public, max-age=60");
        response.AcceptRanges.ToString().Should().Be("bytes");
        response.Vary.Count.Should().Be(0);
        response.ContentEncoding.Count.Should().Be(0);
        response.ContentRange.Count.Should().Be(0);
    }
}
