using OneServe.StaticFiles;

namespace OneServe.Tests.StaticFiles;

/// <summary>What the options on static files change: indexes, safe directories, skipped suffixes, closed prefixes, dot files, siblings, types.</summary>
public sealed class RuleTests : IDisposable
{
    private readonly Site _site = new();

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData("/static/", 200, "top")]
    [InlineData("/static//", 200, "top")]
    [InlineData("/static", 301, "")]
    [InlineData("/static/sub/", 200, "sub")]
    [InlineData("/static/sub", 301, "")]
    [InlineData("/static/sub//", 200, "sub")]
    [InlineData("/static/second/", 200, "second name")]
    [InlineData("/static/sub/index.html", 200, "sub")]
    [InlineData("/static/both/", 200, "html")]        // the first name that exists
    [InlineData("/static/bare/", 0, null)]            // no index: the application
    [InlineData("/static/bare", 0, null)]
    [InlineData("/static/odd/", 0, null)]             // the index is a directory
    [InlineData("/static/top.txt/", 0, null)]         // a file is no directory
    [InlineData("/static/.hidden/", 0, null)]
    [InlineData("/static/sub/../", 0, null)]
    [InlineData("/static/out/", 0, null)]             // the index leaves the root
    [InlineData("/static/later/", 200, "from the second map")]
    public void A_directory_is_its_index(string path, int status, string? body)
    {
        _site.Maps = ["/static=root", "/static=other"];
        _site.Rules = new StaticRules { Index = ["index.html", "index.htm"] };
        _site.Write("root/index.html", "top");
        _site.Write("root/top.txt", "x");
        _site.Write("root/sub/index.html", "sub");
        _site.Write("root/second/index.htm", "second name");
        _site.Write("root/both/index.htm", "htm");
        _site.Write("root/both/index.html", "html");
        _site.Write("root/bare/x", "x");
        _site.Write("root/odd/index.html/x", "x");
        _site.Write("root/.hidden/index.html", "x");
        _site.Write("root/later/x", "x");
        _site.Write("other/later/index.html", "from the second map");
        _site.Write("secret", "secret");
        _site.Link("root/out/index.html", "../../secret");

        for (int again = 0; again < 2; again++)
        {
            _site.Get(path).Should().Be(body);
            if (body is not null)
                _site.Respond("GET", path).Status.Should().Be(status);
        }
    }

    [Fact]
    public void An_index_is_typed_and_coded_as_the_file_it_is()
    {
        _site.Rules = new StaticRules { Index = ["index.html"] };
        _site.Write("root/index.html", "plain");
        _site.Write("root/index.html.gz", "coded");

        var response = _site.Respond("GET", "/static/", ("Accept-Encoding", "gzip"));

        response.ContentType.ToString().Should().Be("text/html; charset=utf-8");
        Site.Read(response).Should().Be("coded");
    }

    [Fact]
    public void An_index_that_appears_is_seen()
    {
        _site.Rules = new StaticRules { Index = ["index.html"] };
        _site.Write("root/sub/x", "x");
        _site.Get("/static/sub/").Should().BeNull();
        _site.Write("root/sub/index.html", "now");
        _site.Clock.Advance(1);
        _site.Get("/static/sub/").Should().Be("now");
    }

    [Theory]
    [InlineData("/static/shared.txt", "shared")]
    [InlineData("/static/dir/in.txt", "in")]
    [InlineData("/static/beside.txt", null)]          // safe-beside begins with safe
    [InlineData("/static/secret.txt", null)]
    [InlineData("/static/passwd", null)]
    [InlineData("/static/own.txt", "own")]
    public void Links_may_lead_to_safe_directories(string path, string? body)
    {
        _site.Rules = new StaticRules { SafeDirectories = [_site.At("nowhere"), _site.At("safe")] };
        _site.Write("root/real.txt", "own");
        _site.Write("safe/shared.txt", "shared");
        _site.Write("safe/dir/in.txt", "in");
        _site.Write("safe-beside/beside.txt", "beside");
        _site.Write("secret.txt", "secret");
        _site.Link("root/own.txt", "real.txt");
        _site.Link("root/shared.txt", _site.At("safe/shared.txt"));
        _site.Link("root/dir", "../safe/dir");
        _site.Link("root/beside.txt", "../safe-beside/beside.txt");
        _site.Link("root/secret.txt", "../secret.txt");
        _site.Link("root/passwd", "/etc/passwd");

        _site.Get(path).Should().Be(body);
    }

    [Theory]
    [InlineData("/static/a.css", "a")]
    [InlineData("/static/a.php", null)]
    [InlineData("/static/dir.php/a.css", "in")]
    [InlineData("/static/a.tar.php", null)]
    public void Skipped_suffixes_are_the_applications(string path, string? body)
    {
        _site.Rules = new StaticRules { SkippedSuffixes = [".php"], ClosedPrefixes = ["/static"] };
        _site.Write("root/a.css", "a");
        _site.Write("root/a.php", "a");
        _site.Write("root/a.tar.php", "a");
        _site.Write("root/dir.php/a.css", "in");

        _site.Get(path).Should().Be(body, "also below a closed prefix");
    }

    [Theory]
    [InlineData("GET", "/static/a.css", 200)]
    [InlineData("GET", "/static/none.css", 404)]
    [InlineData("HEAD", "/static/none.css", 404)]
    [InlineData("POST", "/static/a.css", 405)]
    [InlineData("POST", "/static/none.css", 405)]
    [InlineData("OPTIONS", "/static/", 405)]
    [InlineData("GET", "/static", 404)]
    [InlineData("GET", "/static/.git/config", 404)]
    [InlineData("GET", "/staticfoo", 0)]
    [InlineData("GET", "/unmapped/x", 404)]
    [InlineData("GET", "/media/none", 0)]
    [InlineData("POST", "/media/a", 0)]
    public void Below_a_closed_prefix_the_application_is_not_asked(string method, string path, int status)
    {
        _site.Maps = ["/static=root", "/media=root"];
        _site.Rules = new StaticRules { ClosedPrefixes = ["/static/", "/unmapped"] };
        _site.Write("root/a.css", "a");

        bool answered = _site.Cache.TryRespond(new StaticRequest { Method = method, Path = path }, out var response);

        answered.Should().Be(status != 0);
        response.Status.Should().Be(status);
        response.Allow.ToString().Should().Be(status == 405 ? "GET, HEAD" : "");
    }

    [Theory]
    [InlineData("/whole/whole/a.css", null)]
    [InlineData("/whole/a.css", "whole")]
    [InlineData("/whole", null)]
    [InlineData("/a.css", "checked")]                 // check-static: a map of everything, before the others
    [InlineData("/static/a.css", "mapped")]
    [InlineData("/static/over.css", "checked first")]
    [InlineData("/dir/in.css", "in")]
    [InlineData("/", null)]
    public void The_whole_path_may_be_the_name(string path, string? body)
    {
        _site.Maps = ["/=checked", "/static=root", "/whole=+other"];
        _site.Write("checked/a.css", "checked");
        _site.Write("checked/static/over.css", "checked first");
        _site.Write("checked/dir/in.css", "in");
        _site.Write("root/a.css", "mapped");
        _site.Write("root/over.css", "mapped");
        _site.Write("other/whole/a.css", "whole");

        _site.Get(path).Should().Be(body);
    }

    [Theory]
    [InlineData("/static/.env", "dot")]
    [InlineData("/static/.git/config", "config")]
    [InlineData("/static/./.env", null)]
    [InlineData("/static/.git/../.env", null)]
    [InlineData("/static/..", null)]
    [InlineData("/static/...", "three")]
    public void Dot_files_are_served_when_asked(string path, string? body)
    {
        _site.Rules = new StaticRules { DotFiles = true };
        _site.Write("root/.env", "dot");
        _site.Write("root/.git/config", "config");
        _site.Write("root/...", "three");

        _site.Get(path).Should().Be(body);
    }

    [Theory]
    [InlineData("all", "/static/a.css", true)]
    [InlineData("none", "/static/a.css", false)]
    [InlineData("suffix", "/static/a.css", true)]
    [InlineData("suffix", "/static/a.js", false)]
    [InlineData("directory", "/static/in/a.css", true)]
    [InlineData("directory", "/static/inner/a.css", false)]
    [InlineData("pattern", "/static/a.js", true)]
    [InlineData("pattern", "/static/a.css", false)]
    public void Siblings_are_looked_for_where_asked(string rule, string path, bool coded)
    {
        var siblings = rule switch
        {
            "all" => SiblingRules.All,
            "none" => SiblingRules.None,
            "suffix" => new SiblingRules([], [], [".css"]),
            "directory" => new SiblingRules([], [_site.At("root/in")], []),
            _ => new SiblingRules([@"root/.*\.js$"], [], []),
        };
        _site.Rules = new StaticRules { Siblings = siblings };
        foreach (string name in (string[])["a.css", "a.js", "in/a.css", "inner/a.css"])
        {
            _site.Write($"root/{name}", "plain");
            _site.Write($"root/{name}.gz", "coded");
        }

        var response = _site.Respond("GET", path, ("Accept-Encoding", "gzip"));

        Site.Read(response).Should().Be(coded ? "coded" : "plain");
        response.Vary.Count.Should().Be(coded ? 1 : 0);
    }

    [Theory]
    [InlineData("a.css", "text/css; charset=utf-8")]
    [InlineData("a.weird", "application/x-weird")]
    [InlineData("a.ODD", "application/x-weird")]
    [InlineData("a.js", "application/x-mine")]
    [InlineData("a.note", "text/x-note; charset=utf-8")]
    [InlineData("a.commented", "application/octet-stream")]
    public void A_file_of_types_adds_to_the_table(string name, string type)
        => ContentTypes.BuiltIn
            .With("# types\r\napplication/x-weird\tweird odd\r\ntext/x-note note\n#text/x commented\napplication/lonely\n")
            .With("application/x-mine js # ours\n")
            .For(name).Value.ToString().Should().Be(type);
}
