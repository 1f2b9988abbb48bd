using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

public sealed class CacheOptionTests
{
    [Fact]
    public void Caches_have_names_and_sizes()
    {
        var result = Load("cache2 = name=a,items=10,blocksize=100,keysize=20,purge_lru=1,hashsize=5\ncache = 1000\n");

        result.Diagnostics.Should().BeEmpty();
        result.Options!.Caches.Should().Equal(
            new CacheOptions { Name = "a", Items = 10, BlockSize = 100, KeySize = 20, Evicts = true },
            new CacheOptions { Name = "default", Items = 1000 });
    }

    [Theory]
    [InlineData("cache2 = name=a", "needs items")]
    [InlineData("cache2 = name=a,items=99999999", "needs items")]
    [InlineData("cache2 = name=a,items=10,blocksize=x", "needs items")]
    [InlineData("cache2 = name=a,items=16000000,blocksize=200000", "1 TiB")]
    [InlineData("cache2 = name=a,items=10,itmes=10", "`itmes`")]
    [InlineData("cache2 = name=a,items=10\ncache2 = name=a,items=20", "already")]
    public void Mistakes_are_told_where_they_stand(string lines, string expected)
    {
        var result = Load(lines + "\n");

        result.Options.Should().BeNull();
        result.Diagnostics.Should().ContainSingle().Which.ToString().Should().Contain(expected).And.Contain("site.ini:");
    }

    [Theory]
    [InlineData("store=/tmp/x")]
    [InlineData("nodes=10.0.0.1:3030")]
    [InlineData("bitmap=1")]
    public void What_is_not_there_is_a_warning(string word)
    {
        var result = Load($"cache2 = name=a,items=10,{word}\n");

        result.Options!.Caches.Should().ContainSingle();
        result.Diagnostics.Should().ContainSingle().Which.Severity.Should().Be(DiagnosticSeverity.Warning);
    }

    [Fact]
    public void What_is_no_option_is_kept_for_the_application()
    {
        var result = Load("mine = %(processes)\nset-placeholder = other=x\ncircle = %(circle)\n");

        result.Options!.Placeholders.Select(static setting => setting.ToString()).Should().Equal("mine = 4", "other = x");
        result.Options.MagicVariables['s'].Should().Be("site.ini");
        result.Diagnostics.Should().BeEmpty();
    }

    private static LoadResult Load(string lines)
    {
        var host = new FakeHost();
        host.Add("/start/site.ini", "[uwsgi]\nhttp = :80\nmodule = a\nprocesses = 4\n" + lines);
        return ConfigurationLoader.Load(["site.ini"], new Dictionary<string, string>(), host);
    }
}
