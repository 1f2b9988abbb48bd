using OneServe.StaticFiles;

namespace OneServe.Tests.StaticFiles;

/// <summary>What is asked again within a second is answered without looking; after it every change shows.</summary>
public sealed class ChangeTests : IDisposable
{
    private readonly Site _site = new()
    {
        Maps = ["/static=overlay", "/static=current", "/one=file.txt"],
        Limits = new StaticCacheLimits { SmallFile = 16 },
    };

    public ChangeTests()
    {
        _site.Write("releases/1/a.txt", "one");
        _site.Write("releases/2/a.txt", "two");
        _site.Write("releases/1/large.txt", "one, and longer than memory takes");
        _site.Write("file.txt", "file");
        _site.Link("current", "releases/1");
    }

    public void Dispose() => _site.Dispose();

    public static TheoryData<string, string, string?, string?> Changes => new()
    {
        { "replaced", "/static/a.txt", "one", "new" },
        { "written in place", "/static/a.txt", "one", "wow" },
        { "written in place, same size, time set back", "/static/a.txt", "one", "own" },
        { "deleted", "/static/a.txt", "one", null },
        { "made a directory", "/static/a.txt", "one", null },
        { "made a link that leaves", "/static/a.txt", "one", null },
        { "overlaid by an earlier map", "/static/a.txt", "one", "overlay" },
        { "release flipped", "/static/a.txt", "one", "two" },
        { "release removed", "/static/a.txt", "one", null },
        { "appeared", "/static/late.txt", null, "late" },
        { "target replaced", "/one", "file", "other" },
        { "target removed", "/one", "file", null },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_is_seen_within_a_second(string change, string path, string? before, string? after)
    {
        _site.Get(path).Should().Be(before);
        Make(change);
        _site.Clock.Advance(0.999);
        _site.Get(path).Should().Be(before, "the answer of less than a second ago is given without looking");
        _site.Clock.Advance(0.001);
        _site.Get(path).Should().Be(after);
    }

    [Fact]
    public void An_unchanged_file_is_not_read_again()
    {
        _site.Cache.TryFind("/static/a.txt", out var first).Should().BeTrue();
        _site.Clock.Advance(1);
        _site.Cache.TryFind("/static/a.txt", out var second).Should().BeTrue();
        second.Should().BeSameAs(first);
    }

    [Fact]
    public void A_file_changed_just_now_is_read_again_since_its_time_may_not_tell()
    {
        _site.Clock.Start = DateTimeOffset.UtcNow.AddDays(-1);
        _site.Cache.TryFind("/static/a.txt", out var first).Should().BeTrue();
        _site.Clock.Advance(1);
        _site.Cache.TryFind("/static/a.txt", out var second).Should().BeTrue();
        second.Should().NotBeSameAs(first);
    }

    [Fact]
    public void A_response_on_its_way_is_wholly_the_old_file()
    {
        _site.TryGet("/static/large.txt", out var old).Should().BeTrue();
        old.BodyKind.Should().Be(StaticBodyKind.File);
        _site.Replace("releases/1/large.txt", "two, and longer than memory takes");
        _site.Clock.Advance(1);

        _site.Get("/static/large.txt").Should().StartWith("two");
        Site.Read(old).Should().StartWith("one");
        _site.Cache.Dispose();
        Site.Read(old).Should().StartWith("one");

        old.Release();
        old.Body.File!.TryHold().Should().BeFalse("nobody else has it");
    }

    [Theory]
    [InlineData("/static/large.txt")]
    [InlineData("/static/coded.txt")]
    public void A_large_file_written_in_place_is_seen_at_once_since_its_old_tag_would_go_with_the_new_bytes(string path)
    {
        _site.Write("releases/1/coded.txt", "few");
        _site.Write("releases/1/coded.txt.gz", "one, and longer than memory takes");
        string file = path == "/static/coded.txt" ? "releases/1/coded.txt.gz" : "releases/1/large.txt";
        var part = _site.Respond("GET", path, ("Accept-Encoding", "gzip"), ("Range", "bytes=0-3"));
        Site.Read(part).Should().Be("one,");
        part.Release();
        File.WriteAllText(_site.At(file), "two, and longer than memory takes");

        var rest = _site.Respond("GET", path, ("Accept-Encoding", "gzip"), ("Range", "bytes=4-"), ("If-Range", part.ETag.ToString()));
        rest.Status.Should().Be(200);
        rest.ETag.Should().NotBeEquivalentTo(part.ETag);
        Site.Read(rest).Should().StartWith("two");
        rest.Release();
    }

    [Fact]
    public void A_multipart_response_holds_its_file_once()
    {
        var parts = _site.Respond("GET", "/static/large.txt", ("Range", "bytes=0-0,2-2,4-4"));
        var file = parts.Parts![1].File!;
        _site.Cache.Dispose();
        Site.Read(parts).Should().Contain("Content-Range");
        parts.Release();
        file.TryHold().Should().BeFalse();
    }

    private void Make(string change)
    {
        switch (change)
        {
            case "replaced":
                _site.Replace("releases/1/a.txt", "new");
                break;
            case "written in place":
                File.WriteAllText(_site.At("releases/1/a.txt"), "wow");
                break;
            case "written in place, same size, time set back":
                _site.Write("releases/1/a.txt", "own");
                break;
            case "deleted":
                File.Delete(_site.At("releases/1/a.txt"));
                break;
            case "made a directory":
                File.Delete(_site.At("releases/1/a.txt"));
                Directory.CreateDirectory(_site.At("releases/1/a.txt"));
                break;
            case "made a link that leaves":
                File.Delete(_site.At("releases/1/a.txt"));
                _site.Link("releases/1/a.txt", _site.At("releases/2/a.txt"));
                break;
            case "overlaid by an earlier map":
                _site.Write("overlay/a.txt", "overlay");
                break;
            case "release flipped":
                _site.Link("current~", "releases/2");
                _site.Rename("current~", "current");
                break;
            case "release removed":
                File.Delete(_site.At("current"));
                break;
            case "appeared":
                _site.Write("releases/1/late.txt", "late");
                break;
            case "target replaced":
                _site.Replace("file.txt", "other");
                break;
            case "target removed":
                File.Delete(_site.At("file.txt"));
                break;
            default:
                throw new ArgumentException(change);
        }
    }
}
