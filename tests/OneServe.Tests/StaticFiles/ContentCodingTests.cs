namespace OneServe.Tests.StaticFiles;

public sealed class ContentCodingTests : IDisposable
{
    private readonly Site _site = new();

    public ContentCodingTests()
    {
        foreach (string name in (string[])["all.js", "old.js", "photo.png", "dir.js", "escape.js", "hashed.0123456789ab.js"])
            _site.Write("root/" + name, "plain");
        _site.Write("root/all.js.br", "brotli!");
        _site.Write("root/all.js.zst", "zstandard");
        _site.Write("root/all.js.gz", "gzip..");
        _site.Write("root/old.js.gz", "stale", Site.Modified.AddSeconds(-2));
        _site.Write("root/old.js.br", "same second", Site.Modified.AddTicks(-1234567));
        _site.Write("root/photo.png.gz", "nobody makes these");
        Directory.CreateDirectory(_site.At("root/dir.js.gz"));
        _site.Write("outside/escape.js.gz", "secret");
        _site.Link("root/escape.js.gz", _site.At("outside/escape.js.gz"));
        _site.Write("root/only.js.gz", "no original");
    }

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData("all.js", "gzip, deflate, br, zstd", "br")]         // what browsers send: ours is the choice
    [InlineData("all.js", "gzip, deflate, zstd", "zstd")]
    [InlineData("all.js", "gzip", "gzip")]
    [InlineData("all.js", "x-gzip", "gzip")]
    [InlineData("all.js", "GZIP", "gzip")]
    [InlineData("all.js", "br;q=0.5, gzip;q=0.8", "gzip")]          // theirs comes first
    [InlineData("all.js", "br;q=0.50, gzip;q=0.501", "gzip")]
    [InlineData("all.js", "gzip;q=0", "")]
    [InlineData("all.js", "gzip;q=0.000", "")]
    [InlineData("all.js", "gzip;q=0.001", "gzip")]
    [InlineData("all.js", "gzip ; q=1.000", "gzip")]
    [InlineData("all.js", "gzip;Q=1", "gzip")]
    [InlineData("all.js", "gzip;q=2", "")]
    [InlineData("all.js", "gzip;q=1.5", "")]
    [InlineData("all.js", "gzip;q=0.1234", "")]
    [InlineData("all.js", "gzip;q=", "")]
    [InlineData("all.js", "gzip;level=9", "")]
    [InlineData("all.js", "*", "br")]
    [InlineData("all.js", "*;q=0", "")]
    [InlineData("all.js", "br;q=0, *", "zstd")]
    [InlineData("all.js", "*;q=0.1, gzip", "gzip")]
    [InlineData("all.js", "identity, gzip;q=0.5", "")]
    [InlineData("all.js", "identity, gzip", "gzip")]
    [InlineData("all.js", "identity;q=0.5, gzip;q=0.5", "gzip")]
    [InlineData("all.js", "identity;q=0", "")]
    [InlineData("all.js", "deflate, compress", "")]
    [InlineData("all.js", "brotli, bra, xbr", "")]
    [InlineData("all.js", "", "")]
    [InlineData("all.js", ",,gzip,", "gzip")]
    [InlineData("all.js", "deflate|gzip", "gzip")]                  // two fields are one list
    [InlineData("all.js", null, "")]
    [InlineData("old.js", "gzip", "")]
    [InlineData("old.js", "gzip, br", "br")]
    [InlineData("dir.js", "gzip", "")]
    [InlineData("escape.js", "gzip", "")]
    public void The_clients_weights_choose_the_sibling(string name, string? accept, string coding)
    {
        var fields = accept?.Split('|').Select(value => ("Accept-Encoding", value)).ToArray() ?? [];
        var response = _site.Respond("GET", "/static/" + name, fields);

        response.ContentEncoding.ToString().Should().Be(coding);
        response.ContentType.ToString().Should().Be("text/javascript; charset=utf-8");
        string body = File.ReadAllText(_site.At("root/" + name + coding switch { "br" => ".br", "zstd" => ".zst", "gzip" => ".gz", _ => "" }));
        Site.Read(response).Should().Be(body);
        response.ContentLength.Should().Be(body.Length);
        response.ETag.ToString().Should().EndWith(coding.Length == 0 ? "-5\"" : $"-{body.Length:x}-{coding}\"");
    }

    [Theory]
    [InlineData("all.js", "Accept-Encoding")]
    [InlineData("old.js", "Accept-Encoding")]
    [InlineData("photo.png", "")]
    [InlineData("dir.js", "")]
    [InlineData("escape.js", "")]
    public void Vary_is_sent_where_a_sibling_exists(string name, string vary)
    {
        _site.Respond("GET", "/static/" + name).Vary.ToString().Should().Be(vary);
        _site.Respond("GET", "/static/" + name, ("If-None-Match", "*")).Vary.ToString().Should().Be(vary, "304 says so too");
    }

    [Fact]
    public void The_validator_and_the_range_are_the_codings()
    {
        var gzip = _site.Respond("GET", "/static/all.js", ("Accept-Encoding", "gzip"));
        string tag = gzip.ETag.ToString();

        _site.Respond("GET", "/static/all.js", ("Accept-Encoding", "gzip"), ("If-None-Match", tag)).Status.Should().Be(304);
        _site.Respond("GET", "/static/all.js", ("If-None-Match", tag)).Status.Should().Be(200);
        var part = _site.Respond("GET", "/static/all.js", ("Accept-Encoding", "gzip"), ("Range", "bytes=4-"));
        part.ContentRange.ToString().Should().Be("bytes 4-5/6");
        part.ContentEncoding.ToString().Should().Be("gzip");
        Site.Read(part).Should().Be("..");
    }

    [Fact]
    public void A_sibling_alone_is_not_served_as_the_original() => _site.Get("/static/only.js").Should().BeNull();

    [Fact]
    public void A_sibling_asked_for_by_name_is_an_archive()
    {
        var response = _site.Respond("GET", "/static/all.js.gz", ("Accept-Encoding", "gzip"));
        response.ContentType.ToString().Should().Be("application/gzip");
        response.ContentEncoding.Count.Should().Be(0);
        Site.Read(response).Should().Be("gzip..");
    }

    [Fact]
    public void A_sibling_that_appears_changes_and_goes_is_seen_within_a_second()
    {
        string Coded()
        {
            _site.Clock.Advance(1);
            return Site.Read(_site.Respond("GET", "/static/hashed.0123456789ab.js", ("Accept-Encoding", "gzip")));
        }
        Coded().Should().Be("plain");
        _site.Write("root/hashed.0123456789ab.js.gz", "one");
        Coded().Should().Be("one");
        _site.Replace("root/hashed.0123456789ab.js.gz", "two");
        Coded().Should().Be("two");
        File.WriteAllText(_site.At("root/hashed.0123456789ab.js.gz"), "");
        Coded().Should().Be("plain", "no coding has a form without a byte");
        File.Delete(_site.At("root/hashed.0123456789ab.js.gz"));
        Coded().Should().Be("plain");
    }
}
