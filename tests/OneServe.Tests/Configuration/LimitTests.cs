using System.Diagnostics;
using System.Text;
using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

/// <summary>Configurations that mean harm, or were never one: a clear error, in little time.</summary>
public sealed class LimitTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    public static TheoryData<string, string, string> Hostile() => new()
    {
        { "a file with zero bytes", "[uwsgi]\nhttp = :1\0\n", "not a text file" },
        { "a huge file", new string('x', 2 * 1024 * 1024), "too large" },
        { "a huge line", "[uwsgi]\nx = " + new string('x', 100_000), "longer than 64 KiB" },
        { "doubling placeholders", Chain("%(a{0})%(a{0})", "xx"), "grows beyond 64 KiB" },
        { "doubling placeholders of nothing", Chain("%(a{0})%(a{0})", "") , "64 deep" },
        { "nested parentheses", "[uwsgi]\nenv = A=" + Repeat("%(", 5000) + Repeat(")", 5000), "nested" },
        { "a long chain of nested parentheses", Chain(Repeat("%(", 15) + "a{0}" + Repeat(")", 15), "a0"), "64 deep" },
        { "many open parentheses", "[uwsgi]\nenv = A=" + Repeat("%(", 30_000), "no address" },
        { "a long loop", "[uwsgi]\nfor = " + Repeat("a ", 20_000) + "\nenv = A=1\n", "more than 10000 rounds" },
        { "loops that multiply", "[uwsgi]\nfor-times = 10000\n" + Repeat("env = A=%(_)\n", 10) + "end\n", "too large" },
        { "a loop that includes itself", "[uwsgi]\nfor-times = 10000\nini = site.ini\nend\n", "includes itself" },
        { "a loop of files", "[uwsgi]\nfor-times = 10000\nini = part.ini\nend\n", "too many files" },
        { "values that grow together", "[uwsgi]\nbig = " + new string('x', 60_000) + "\n" + Repeat("env = A=%(big)\n", 5000), "grows beyond 8 MiB" },
        { "set of set", "[uwsgi]\nset = " + Repeat("set=", 10_000), "cannot set" },
        { "a template that inherits itself", "[uwsgi]\ninherit = site.ini\n", "includes itself" },
        { "a number beyond all", "[uwsgi]\nprocesses = 99999999999999999999\n", "whole number" },
        { "a magic bomb", "[uwsgi]\nenv = A=" + Repeat("%p%p%p%p", 5000), "no address" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Harm_is_told_and_bounded(string what, string text, string expected)
    {
        FakeHost host = new FakeHost().Add("/start/site.ini", text).Add("/start/part.ini", "[uwsgi]\nenv = A=1\n");
        var watch = Stopwatch.StartNew();
        LoadResult result = ConfigurationLoader.Load(["site.ini"], new Dictionary<string, string>(), host);
        watch.Elapsed.Should().BeLessThan(Deadline, what);
        result.Options.Should().BeNull();
        result.Diagnostics.Should().Contain(item => item.Severity == DiagnosticSeverity.Error && item.Message.Contains(expected), what);
    }

    [Fact]
    public void Any_bytes_end_in_a_result()
    {
        byte[][] pieces = [.. new[]
        {
            "[uwsgi]", "\n", "http=:1", "=", "%(", ")", "$(", "@(", "%", "a", " ", "#", ";", "for=a b", "if-env=A", "end", "ini=", "site.ini", ":", "set=",
            "\r", "[", "]", "static-map=", "/", "env=", "processes=", "-1", "inherit=", "strict", "%d", "pythonpath=", "*", "[a-", "for-glob=", "++", "\t",
        }.Select(Encoding.UTF8.GetBytes), [0xff], [0xe2, 0x82], [0xef, 0xbb, 0xbf]];
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int round = 0; round < 3000; round++)
        {
            byte[] text = [.. Enumerable.Range(0, random.Next(60)).SelectMany(_ => pieces[random.Next(pieces.Length)])];
            FakeHost host = new FakeHost().Add("/start/site.ini", text);
            Action load = () => ConfigurationLoader.Load(["site.ini"], new Dictionary<string, string> { ["A"] = "$(A)" }, host);
            load.Should().NotThrow("seed {0}, text {1}", seed, Convert.ToHexString(text));
        }
    }

    [Fact]
    public void Files_that_do_not_end_are_not_waited_for()
    {
        LoadResult result = ConfigurationLoader.Load(["--ini", "/dev/zero"], new Dictionary<string, string>());
        result.Diagnostics.Should().Contain(item => item.Message.Contains("larger than 1024 KiB"));
    }

    [Fact]
    public void Utf_16_is_recognised()
    {
        FakeHost host = new FakeHost().Add("/start/site.ini", [0xff, 0xfe, .. System.Text.Encoding.Unicode.GetBytes("[uwsgi]\nhttp = :1\n")]);
        LoadResult result = ConfigurationLoader.Load(["site.ini"], new Dictionary<string, string>(), host);
        result.Diagnostics.Should().ContainSingle().Which.Hint.Should().Be("it is UTF-16: save it as UTF-8");
    }

    [Fact]
    public void Latin_1_is_read_with_a_warning()
    {
        FakeHost host = new FakeHost().Add("/start/site.ini", [.. "[uwsgi]\nhttp = :1\nmodule = m\n# caf"u8, 0xe9, .. "\nthreads = 2\n"u8]);
        LoadResult result = ConfigurationLoader.Load(["site.ini"], new Dictionary<string, string>(), host);
        result.Options!.Threads.Should().Be(2);
        result.Diagnostics.Should().ContainSingle().Which.Source.Should().Be(new SourceLocation("site.ini", 4, 6));
    }

    [Fact]
    public void A_message_quotes_a_part_of_a_long_value()
    {
        FakeHost host = new FakeHost().Add("/start/site.ini", $"[uwsgi]\nhttp = :1\nmodule = m\nprocesses = {new string('x', 60_000)}\n");
        LoadResult result = ConfigurationLoader.Load(["site.ini"], new Dictionary<string, string>(), host);
        string message = result.Diagnostics.Should().ContainSingle().Which.Message;
        message.Should().HaveLength(1000).And.StartWith("`processes` needs a whole number").And.Contain(" … ");
    }

    [Fact]
    public void A_byte_order_mark_and_carriage_returns_are_no_part_of_the_text()
    {
        FakeHost host = new FakeHost().Add("/start/site.ini", [0xef, 0xbb, 0xbf, .. "[uwsgi]\r\nhttp = :1\r\nmodule = m\r\n"u8]);
        LoadResult result = ConfigurationLoader.Load(["site.ini"], new Dictionary<string, string>(), host);
        result.Diagnostics.Should().BeEmpty();
        result.Options!.Application.Module!.Value.Should().Be("m");
    }

    /// <summary>a99 is made of a98 and so on, down to a0.</summary>
    private static string Chain(string form, string seed)
    {
        IEnumerable<string> lines = Enumerable.Range(1, 99).Select(i => $"a{i} = {string.Format(form, i - 1)}");
        return $"[uwsgi]\na0 = {seed}\n{string.Join('\n', lines)}\nenv = A=%(a20)\nenv = B=%(a99)\n";
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();
}
