using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

public sealed class GeventOptionTests
{
    [Theory]
    [InlineData("", 0, true, false)]
    [InlineData("gevent = 100", 100, true, false)]
    [InlineData("gevent = 0", 0, true, false)]
    [InlineData("gevent = false", 0, true, false)]
    [InlineData("loop = gevent\nasync = 20", 20, true, false)]
    [InlineData("loop = gevent\nasync = 20\ngevent = 30", 30, true, false)]
    [InlineData("gevent = 100\nthreads = 1\ngevent-early-monkey-patch = true\ngevent-wait-for-hub = true", 100, true, true)]
    [InlineData("gevent = 100\ngevent-monkey-patch = false", 100, false, false)]
    public void What_is_asked_for(string lines, int requests, bool patches, bool waits)
    {
        var (options, diagnostics) = Load(lines);

        options!.Gevent.Should().Be(new GeventOptions { Requests = requests, Patches = patches, WaitsForHub = waits });
        options.Threads.Should().Be(1);
        diagnostics.Should().BeEmpty();
    }

    [Theory]
    [InlineData("gevent = true")]
    [InlineData("gevent = 10001")]
    [InlineData("gevent = -1")]
    [InlineData("loop = gevent")]
    [InlineData("async = 10")]
    [InlineData("loop = asyncio")]
    [InlineData("gevent = 10\nthreads = 2")]
    public void What_is_wrong_is_told(string lines)
    {
        var (options, diagnostics) = Load(lines);

        options.Should().BeNull();
        diagnostics.Should().ContainSingle(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Theory]
    [InlineData("gevent = 1")]
    [InlineData("gevent")]
    [InlineData("gevent-monkey-patch = true")]
    [InlineData("gevent-wait-for-hub = true")]
    public void What_has_no_effect_is_a_warning(string lines)
    {
        var (options, diagnostics) = Load(lines);

        options.Should().NotBeNull();
        diagnostics.Should().ContainSingle(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning);
    }

    private static (ServerOptions? Options, IEnumerable<Diagnostic> Diagnostics) Load(string lines)
    {
        var host = new FakeHost().Add("/start/site.ini", $"[uwsgi]\nhttp = :8000\nmodule = m\n{lines}\n");
        var result = ConfigurationLoader.Load(["site.ini"], new Dictionary<string, string>(), host);
        return (result.Options, result.Diagnostics);
    }
}
