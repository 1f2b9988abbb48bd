using System.Runtime.CompilerServices;
using OneServe.StaticFiles;

namespace OneServe.Tests.StaticFiles;

public sealed class CacheBoundTests : IDisposable
{
    private readonly Site _site = new()
    {
        Limits = new StaticCacheLimits { SmallFile = 8_000, MemoryBytes = 100_000, MemoryEntries = 20, OpenFiles = 5, MissingEntries = 10 },
    };

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData("small", 1, 20, 0)]         // bounded by their number
    [InlineData("middling", 8_000, 10, 0)]  // by their bytes, and a kilobyte each
    [InlineData("large", 8_001, 5, 5)]      // by descriptors
    [InlineData("missing", -1, 10, 0)]
    public void Each_kind_of_entry_is_bounded(string kind, int size, int count, int open)
    {
        for (int i = 0; i < 50; i++)
        {
            if (size > 0)
                _site.Write($"root/{kind}{i}", new string('x', size));
            for (int again = 0; again < 2; again++)
                (_site.Get($"/static/{kind}{i}")?.Length ?? -1).Should().Be(size);
        }
        _site.Cache.Should().BeEquivalentTo(new { Count = count, OpenFiles = open });
        _site.Cache.MemoryBytes.Should().BeLessOrEqualTo(100_000);
    }

    [Fact]
    public void The_many_names_of_a_file_are_counted()
    {
        _site.Write("root/small", "x");
        for (int i = 0; i < 50; i++)
            _site.Get("/static/" + new string('/', 4000 + i) + "small").Should().Be("x");
        _site.Cache.Count.Should().BeInRange(2, 10);
        _site.Cache.MemoryBytes.Should().BeLessOrEqualTo(100_000);
    }

    [Fact]
    public void The_least_recently_used_goes_first()
    {
        for (int i = 0; i < 6; i++)
            _site.Write($"root/{i}", new string('x', 9_000));
        var files = Enumerable.Range(0, 5).Select(Find).ToArray();
        // Uses within a second count as one.
        _site.Clock.Advance(1);
        Find(0).Should().BeSameAs(files[0]);

        Find(5);

        Find(0).Should().BeSameAs(files[0], "it was used after file 1");
        Find(1).Should().NotBeSameAs(files[1], "it had to go");
    }

    [Fact]
    public void A_flood_of_misses_leaves_the_files_alone()
    {
        _site.Write("root/kept", "kept");
        _site.Cache.TryFind("/static/kept", out var kept);
        for (int i = 0; i < 1000; i++)
            _site.Get($"/static/{i}").Should().BeNull();
        _site.Cache.TryFind("/static/kept", out var still);
        still.Should().BeSameAs(kept);
        _site.Cache.Count.Should().Be(11);
    }

    [Fact]
    public void Long_misses_are_not_remembered()
    {
        _site.Get("/static/" + new string('a', 1000)).Should().BeNull();
        _site.Cache.Count.Should().Be(0);
    }

    [Fact]
    public void What_is_not_used_for_a_minute_is_let_go()
    {
        _site.Write("root/large", new string('x', 9_000));
        _site.Write("root/small", "x");
        _site.Get("/static/large");
        _site.Get("/static/small");
        _site.Get("/static/none");
        _site.Clock.Advance(59);
        _site.Get("/static/small");
        _site.Cache.Trim();
        _site.Cache.Count.Should().Be(3);
        _site.Clock.Advance(1);

        _site.Cache.Trim();

        _site.Cache.Should().BeEquivalentTo(new { Count = 1, OpenFiles = 0 });
    }

    [Fact]
    public void Much_memory_that_nobody_asked_for_is_given_back_though_nothing_else_is_allocated()
    {
        const int files = 20;
        const int size = 1 << 20;
        _site.Limits = new StaticCacheLimits { SmallFile = size, MemoryBytes = 2 * files * size };
        for (int i = 0; i < files; i++)
            _site.Write($"root/{i}", new string('x', size));
        var first = Ask(files);
        _site.Cache.MemoryBytes.Should().BeGreaterThan(files * size);
        _site.Clock.Advance(60);

        _site.Cache.Trim();

        first.TryGetTarget(out _).Should().BeFalse("the collector has been");
    }

    [Fact]
    public void Descriptors_are_given_back_by_dispose()
    {
        _site.Write("root/large", new string('x', 9_000));
        _site.TryGet("/static/large", out var response);
        response.Release();
        _site.Cache.Dispose();
        response.Body.File!.TryHold().Should().BeFalse();
        _site.Cache.Count.Should().Be(0);
    }

    [Theory]
    [InlineData("/static/small")]
    [InlineData("/static/large")]
    [InlineData("/static/coded")]
    [InlineData("/static/none")]
    [InlineData("/application")]
    public void An_answer_from_the_cache_allocates_nothing(string path)
    {
        _site.Write("root/small", "x");
        _site.Write("root/large", new string('x', 9_000));
        _site.Write("root/coded", "x");
        _site.Write("root/coded.gz", "y");
        _site.Get("/static/small");
        var request = new StaticRequest { Method = "GET", Path = path, AcceptEncoding = "gzip, deflate, br, zstd", IfNoneMatch = "\"x\"" };
        Ask(request);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Ask(request);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        allocated.Should().Be(0);
    }

    private void Ask(in StaticRequest request)
    {
        for (int i = 0; i < 1000; i++)
        {
            if (_site.Cache.TryRespond(request, out var response))
                response.Release();
        }
    }

    /// <summary>Asks for the files; not inlined, so that no local of the caller's keeps one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference<StaticFile> Ask(int files)
    {
        for (int i = 1; i < files; i++)
            Find(i);
        return new WeakReference<StaticFile>(Find(0));
    }

    private StaticFile Find(int name)
    {
        _site.Cache.TryFind($"/static/{name}", out var file).Should().BeTrue();
        return file!;
    }
}
