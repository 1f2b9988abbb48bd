using OneServe.StaticFiles;

namespace OneServe.Tests.StaticFiles;

/// <summary>What is not in memory is not waited for, unless the caller may.</summary>
public sealed class ColdFileTests : IDisposable
{
    private readonly Site _site = new();

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData("root/a.txt")]
    [InlineData("root/a.txt.gz")]
    public void A_file_that_has_to_come_from_the_disk_is_cold_until_it_is_warmed(string cold)
    {
        _site.Write("root/a.txt", "plain");
        _site.Write("root/a.txt.gz", "coded");
        var request = new StaticRequest { Method = "GET", Path = "/static/a.txt" };
        // Where the temporary directory is not on a disk nothing is ever cold, and a file in memory must then be answered at once.
        bool isCold = PageCache.TryDrop(_site.At(cold));

        var first = _site.Cache.Respond(request, mayWait: false, out _);
        first.Should().Be(isCold ? StaticOutcome.Cold : StaticOutcome.Answered);
        _site.Cache.Count.Should().Be(isCold ? 0 : 1, "what is not known is not remembered");

        _site.Cache.Warm("/static/a.txt");
        _site.Cache.Respond(request, mayWait: true, out var response).Should().Be(StaticOutcome.Answered);
        Site.Read(response).Should().Be("plain");
    }

    [Fact]
    public void Nothing_stays_open_of_a_cold_file()
    {
        _site.Limits = new StaticCacheLimits { SmallFile = 4 };
        _site.Write("root/a.txt", "large");
        _site.Write("root/a.txt.gz", "tiny");
        PageCache.TryDrop(_site.At("root/a.txt.gz"));
        string[] Open() => Directory.GetFiles("/proc/self/fd").Select(link => new FileInfo(link).LinkTarget ?? "").Where(IsOurs).ToArray();
        bool IsOurs(string target) => target.StartsWith(_site.Root, StringComparison.Ordinal);

        if (_site.Cache.Respond(new StaticRequest { Method = "GET", Path = "/static/a.txt" }, mayWait: false, out var response) == StaticOutcome.Cold)
            Open().Should().BeEmpty();
        else
            response.Release();
        _site.Cache.Warm("/static/a.txt");
        _site.Cache.Dispose();
        Open().Should().BeEmpty();
    }
}
