using OneServe.StaticFiles;

namespace OneServe.Tests.StaticFiles;

/// <summary>Conditional requests, RFC 9110 §13. `E` stands for the current entity tag.</summary>
public sealed class PreconditionTests : IDisposable
{
    private const string Same = "Sun, 06 Nov 1994 08:49:37 GMT";
    private const string Before = "Sun, 06 Nov 1994 08:49:36 GMT";
    private const string After = "Sun, 06 Nov 1994 08:49:38 GMT";

    private readonly Site _site = new();

    public PreconditionTests() => _site.Write("root/a.txt", "0123456789");

    public void Dispose() => _site.Dispose();

    [Theory]
    // If-None-Match: weak comparison, lists, *
    [InlineData(304, "If-None-Match: E")]
    [InlineData(304, "If-None-Match: W/E")]
    [InlineData(304, "If-None-Match: *")]
    [InlineData(304, "If-None-Match: \"x\", E")]
    [InlineData(304, "If-None-Match: \"x\",W/\"y\" ,\tE , \"z\"")]
    [InlineData(304, "If-None-Match: , ,E")]
    [InlineData(304, "If-None-Match: \"x\"|If-None-Match: E")]
    [InlineData(304, "If-None-Match: \"a, b\", E")]
    [InlineData(200, "If-None-Match: \"x\"")]
    [InlineData(200, "If-None-Match: \"\"")]
    [InlineData(200, "If-None-Match: E-br")]
    [InlineData(200, "If-None-Match: w/E")]
    [InlineData(200, "If-None-Match: \"x, E")]
    [InlineData(200, "If-None-Match: nonsense, E")]
    [InlineData(200, "If-None-Match: ")]
    // If-None-Match decides alone
    [InlineData(200, "If-None-Match: \"x\"|If-Modified-Since: " + Same)]
    [InlineData(304, "If-None-Match: E|If-Modified-Since: " + Before)]
    // If-Modified-Since
    [InlineData(304, "If-Modified-Since: " + Same)]
    [InlineData(304, "If-Modified-Since: " + After)]
    [InlineData(200, "If-Modified-Since: " + Before)]
    [InlineData(304, "If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT")]
    [InlineData(304, "If-Modified-Since: Sun Nov  6 08:49:37 1994")]
    [InlineData(200, "If-Modified-Since: Sun Nov  6 08:49:36 1994")]
    [InlineData(200, "If-Modified-Since: 1994-11-06T08:49:37Z")]
    [InlineData(200, "If-Modified-Since: yesterday")]
    [InlineData(200, "If-Modified-Since: 0")]
    [InlineData(200, "If-Modified-Since: " + Same + "|If-Modified-Since: " + Same)]
    // If-Match: strong comparison
    [InlineData(200, "If-Match: E")]
    [InlineData(200, "If-Match: *")]
    [InlineData(200, "If-Match: \"x\", E")]
    [InlineData(412, "If-Match: W/E")]
    [InlineData(412, "If-Match: \"x\"")]
    [InlineData(412, "If-Match: ")]
    // If-Unmodified-Since
    [InlineData(200, "If-Unmodified-Since: " + Same)]
    [InlineData(200, "If-Unmodified-Since: " + After)]
    [InlineData(412, "If-Unmodified-Since: " + Before)]
    [InlineData(200, "If-Unmodified-Since: nonsense")]
    // the order of §13.2.2
    [InlineData(200, "If-Match: E|If-Unmodified-Since: " + Before)]
    [InlineData(412, "If-Match: \"x\"|If-None-Match: E")]
    [InlineData(304, "If-Match: E|If-None-Match: E")]
    [InlineData(304, "If-Match: E|If-Modified-Since: " + Same)]
    [InlineData(412, "If-Unmodified-Since: " + Before + "|If-None-Match: E")]
    [InlineData(304, "If-Unmodified-Since: " + Same + "|If-None-Match: E")]
    [InlineData(304, "If-None-Match: E|Range: bytes=0-1")]
    [InlineData(412, "If-Match: \"x\"|Range: bytes=0-1")]
    [InlineData(206, "If-None-Match: \"x\"|Range: bytes=0-1")]
    [InlineData(206, "If-Match: E|Range: bytes=0-1")]
    // If-Range: strong tag or the exact date
    [InlineData(206, "Range: bytes=0-1|If-Range: E")]
    [InlineData(200, "Range: bytes=0-1|If-Range: W/E")]
    [InlineData(200, "Range: bytes=0-1|If-Range: \"x\"")]
    [InlineData(200, "Range: bytes=0-1|If-Range: E, E")]
    [InlineData(200, "Range: bytes=0-1|If-Range: *")]
    [InlineData(206, "Range: bytes=0-1|If-Range: " + Same)]
    [InlineData(200, "Range: bytes=0-1|If-Range: " + After)]
    [InlineData(200, "Range: bytes=0-1|If-Range: " + Before)]
    [InlineData(200, "Range: bytes=0-1|If-Range: ")]
    [InlineData(200, "Range: bytes=99-|If-Range: \"x\"")]
    [InlineData(416, "Range: bytes=99-|If-Range: E")]
    public void The_conditions_decide_the_status(int status, string fields)
    {
        string tag = _site.Respond("GET", "/static/a.txt").ETag.ToString();
        var parsed = fields.Split('|')
            .Select(field => field.Split(": ", 2))
            .Select(field => (field[0], field[1].Replace("E-br", tag[..^1] + "-br\"", StringComparison.Ordinal)))
            .Select(field => (field.Item1, System.Text.RegularExpressions.Regex.Replace(field.Item2, @"(?<![A-Za-z""])E(?![A-Za-z])|(?<=W/|w/)E", tag)))
            .ToArray();

        var response = _site.Respond("GET", "/static/a.txt", parsed);

        response.Status.Should().Be(status);
        Site.Read(response).Should().Be(status switch { 200 => "0123456789", 206 => "01", _ => "" });
        int head = _site.Respond("HEAD", "/static/a.txt", parsed).Status;
        head.Should().Be(status is 206 or 416 ? 200 : status, "HEAD has no ranges");
    }

    [Fact]
    public void Not_modified_carries_what_the_cache_needs_and_no_more()
    {
        var response = _site.Respond("GET", "/static/a.txt", ("If-None-Match", "*"));
        response.Should().BeEquivalentTo(new { Status = 304, ContentLength = (long?)null, BodyKind = StaticBodyKind.None });
        response.ETag.Count.Should().Be(1);
        response.CacheControl.ToString().Should().Be("public, max-age=60");
        response.ContentType.Count.Should().Be(0);
        response.LastModified.Count.Should().Be(0);
        response.AcceptRanges.Count.Should().Be(0);
    }

    [Fact]
    public void A_time_that_has_not_come_is_not_sent()
    {
        _site.Write("root/future.txt", "x", _site.Clock.GetUtcNow().UtcDateTime.AddYears(5));
        _site.Respond("GET", "/static/future.txt").LastModified.ToString().Should().Be(_site.Clock.GetUtcNow().ToString("r"));
    }

    [Fact]
    public void A_time_before_the_epoch_is_sent_as_the_epoch()
    {
        _site.Write("root/past.txt", "x", new DateTime(1931, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var response = _site.Respond("GET", "/static/past.txt");
        response.LastModified.ToString().Should().Be("Thu, 01 Jan 1970 00:00:00 GMT");
        response.ETag.ToString().Should().MatchRegex("^\"[0-9a-f]+-1\"$");
    }
}
