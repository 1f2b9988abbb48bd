using OneServe.StaticFiles;

namespace OneServe.Tests.StaticFiles;

/// <summary>Cache-Control and Expires, by rules and by names. The clock stands where the files were written, an hour later.</summary>
public sealed class FreshnessTests : IDisposable
{
    private const string Year = "public, max-age=31536000, immutable";
    private const string Minute = "public, max-age=60";

    private readonly Site _site = new();

    public FreshnessTests() => _site.Clock.Start = new DateTimeOffset(Site.Modified).AddHours(1) - _site.Clock.GetElapsedTime(0);

    public void Dispose() => _site.Dispose();

    public static TheoryData<string, string, string, string> Rows => new()
    {
        // by file path; counted from the answer, both for old and for new clients
        { "/static/a.css", "", "public, max-age=3600", "Sun, 06 Nov 1994 10:49:37 GMT" },
        // by file path, after the last change: no max-age, which would override it
        { "/static/a.mtime", "", "public", "Sun, 06 Nov 1994 08:51:17 GMT" },
        // by URL path, a rule earlier than the one on the type
        { "/static/path/a.png", "", "public, max-age=10", "Sun, 06 Nov 1994 09:49:47 GMT" },
        // by URL with query
        { "/static/a.js", "?v=1", "public, max-age=20", "Sun, 06 Nov 1994 09:49:57 GMT" },
        { "/static/a.js", "?w=1", "public, max-age=0", "Sun, 06 Nov 1994 09:49:37 GMT" },
        // by type, under its old name
        { "/static/a.js", "", "public, max-age=0", "Sun, 06 Nov 1994 09:49:37 GMT" },
        { "/static/a.png", "", "public", "Sun, 06 Nov 1994 08:50:07 GMT" },
        // names that never change
        { "/static/a.0123456789ab.txt", "", Year, "" },
        { "/static/assets/index-DiwrgTda.svg", "", Year, "" },
        { "/static/main.8f3c2b1a9d0e4f5a6b7c.svg", "", Year, "" },
        { "/static/assets/page-overview.svg", "", Minute, "" },
        // the operator's word goes over the name
        { "/static/b.0123456789ab.css", "", "public, max-age=3600", "Sun, 06 Nov 1994 10:49:37 GMT" },
        { "/static/plain.txt", "", Minute, "" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_rule_that_matches_counts(string path, string query, string cacheControl, string expires)
    {
        _site.Rules = new StaticRules
        {
            Expiry =
            [
                new ExpiryRule(ExpirySubject.ContentType, "application/javascript", 0),
                new ExpiryRule(ExpirySubject.ContentType, "image/png", 30, AfterLastChange: true),
                new ExpiryRule(ExpirySubject.Url, @"\?v=", 20),
                new ExpiryRule(ExpirySubject.UrlPath, "^/static/path/", 10),
                new ExpiryRule(ExpirySubject.FilePath, @"root/.*\.css$", 3600),
                new ExpiryRule(ExpirySubject.FilePath, @"\.css$", 1),
                new ExpiryRule(ExpirySubject.FilePath, @"\.mtime$", 100, AfterLastChange: true),
            ],
            ImmutablePaths = [@"^/static/assets/.*-(?=[\w-]*[A-Z0-9])[\w-]{8}\.\w+$", @"\.[0-9a-f]{20}\.\w+$"],
        };
        _site.Write("root" + path["/static".Length..], "x");

        var response = _site.RespondTo("GET", path, path + query);

        response.CacheControl.ToString().Should().Be(cacheControl);
        response.Expires.ToString().Should().Be(expires);
        var notModified = _site.RespondTo("GET", path, path + query, ("If-None-Match", "*"));
        notModified.Status.Should().Be(304);
        notModified.CacheControl.ToString().Should().Be(cacheControl, "a 304 says the same (RFC 9110, 15.4.5)");
        notModified.Expires.ToString().Should().Be(expires);
    }

    [Fact]
    public void Expires_moves_with_the_clock()
    {
        _site.Rules = new StaticRules { Expiry = [new ExpiryRule(ExpirySubject.FilePath, ".", 60)] };
        _site.Write("root/a.css", "x");
        _site.Respond("GET", "/static/a.css").Expires.ToString().Should().Be("Sun, 06 Nov 1994 09:50:37 GMT");
        _site.Clock.Advance(1);
        _site.Respond("GET", "/static/a.css").Expires.ToString().Should().Be("Sun, 06 Nov 1994 09:50:38 GMT");
    }

    [Fact]
    public void A_pattern_that_takes_for_ever_is_given_up()
    {
        _site.Rules = new StaticRules { Expiry = [new ExpiryRule(ExpirySubject.UrlPath, "(a+)+$", 60)] };
        string name = new string('a', 200) + "!";
        _site.Write("root/" + name, "x");
        _site.Respond("GET", "/static/" + name).CacheControl.ToString().Should().Be(Minute);
    }
}
