using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

/// <summary>What becomes of the options on static files; their settings are in the golden files.</summary>
public sealed class StaticFileOptionTests
{
    [Fact]
    public void Maps_are_in_the_order_of_search()
    {
        var options = Load("static-map2 = /a=/1", "static-map = /b=/2", "check-static = /3", "static-map = /c=/4");

        options.StaticMaps.Select(map => (map.Prefix, map.Target, map.AppendsWholePath))
            .Should().Equal(("/", "/3", false), ("/b", "/2", false), ("/c", "/4", false), ("/a", "/1", true));
    }

    [Fact]
    public void Expiry_is_read_and_ordered_by_its_subject()
    {
        var files = Load(
            "static-expires-type = text/css=1", "static-expires-uri = a b 2 ; behind a comment", "static-expires-mtime = /* 3", "static-expires = .css$ 4").StaticFiles;

        files.Expiry.Should().Equal(
            new StaticExpiryOptions(StaticExpirySubject.FilePath, ".css$", 4, false),
            new StaticExpiryOptions(StaticExpirySubject.FilePath, "/*", 3, true),
            new StaticExpiryOptions(StaticExpirySubject.Url, "a b", 2, false),
            new StaticExpiryOptions(StaticExpirySubject.ContentType, "text/css", 1, false));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(true, "static-gzip-all = true", "static-gzip-ext = .js")]
    [InlineData(false, "static-gzip-all = false")]
    [InlineData(false, "static-gzip-ext = .js")]
    [InlineData(false, "static-gzip-prefix = /srv/static")]
    [InlineData(false, "static-gzip = js$")]
    public void Siblings_are_looked_for_everywhere_unless_something_narrower_is_said(bool all, params string[] lines)
        => Load(lines).StaticFiles.AllSiblings.Should().Be(all);

    [Fact]
    public void The_rest_is_as_written()
    {
        var files = Load(
            "static-index = index.html", "static-404 = static", "static-dotfiles", @"static-immutable = ^/assets/ ; of the bundler", "x-sendfile = /srv/p",
            "x-accel-redirect = internal=/srv/p", "static-skip-ext = .php", "static-safe = /srv/shared", "mimefile = /etc/types").StaticFiles;

        files.Should().BeEquivalentTo(new
        {
            Index = new[] { "index.html" },
            ClosedPrefixes = new[] { "/static" },
            DotFiles = true,
            ImmutablePaths = new[] { "^/assets/" },
            SkippedSuffixes = new[] { ".php" },
            SafeDirectories = new[] { "/srv/shared" },
            SendDirectories = new[] { new { Value = "/srv/p" } },
            SendMaps = new[] { new { Prefix = "/internal", Target = "/srv/p" } },
            TypeFiles = new[] { new { Value = "/etc/types" } },
        });
    }

    private static ServerOptions Load(params string[] lines)
    {
        var host = new FakeHost().Add("/start/site.ini", "[uwsgi]\nhttp = :8000\nmodule = m\n" + string.Join('\n', lines) + "\n");
        return ConfigurationLoader.Load(["site.ini"], new Dictionary<string, string>(), host).Options!;
    }
}
