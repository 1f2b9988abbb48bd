using System.Text;
using System.Text.RegularExpressions;
using OneServe.Configuration;
using OneServe.Master.Logging;

namespace OneServe.Tests.Master.Logging;

public sealed class LogRouterTests
{
    private readonly Recorder _plain = new();
    private readonly Recorder _datagrams = new() { TakesSingleLines = true };

    [Fact]
    public void Lines_that_need_nothing_are_handed_over_at_once()
    {
        new LogRouter([new LogOutput(_plain, [])], []).Write("one\ntwo\n"u8);

        _plain.Writes.Should().Equal("one\ntwo\n");
    }

    [Fact]
    public void Datagrams_carry_one_line_each_and_files_get_them_together()
    {
        new LogRouter([new LogOutput(_plain, []), new LogOutput(_datagrams, [])], []).Write("one\ntwo\nthree"u8);

        _datagrams.Writes.Should().Equal("one\n", "two\n", "three");
        _plain.Writes.Should().Equal("one\ntwo\nthree\n");
    }

    [Fact]
    public void A_line_goes_to_every_route_that_matches_else_to_those_without()
    {
        var errors = new Recorder();
        var router = new LogRouter(
            [new LogOutput(_plain, [])], [(new Regex("^E"), new LogOutput(errors, [])), (new Regex("!$"), new LogOutput(_datagrams, []))]);

        router.Write("Error!\nfine\nEnd\n"u8);

        errors.Writes.Should().Equal("Error!\nEnd\n");
        _datagrams.Writes.Should().Equal("Error!\n");
        _plain.Writes.Should().Equal("fine\n");
    }

    [Theory]
    [InlineData("a+b", false)]
    [InlineData("(a+)+$", true)]
    public void A_pattern_that_never_ends_does_not_match(string pattern, bool isSlow)
    {
        var routed = new Recorder();
        var regex = new Regex(pattern, RegexOptions.None, TimeSpan.FromMilliseconds(5));
        new LogRouter([new LogOutput(_plain, [])], [(regex, new LogOutput(routed, []))]).Write(Encoding.ASCII.GetBytes(new string('a', 40) + "b\n"));

        (isSlow ? _plain : routed).Writes.Should().ContainSingle();
    }

    [Theory]
    [InlineData("json {\"m\":\"${msg}\"}", "a \"b\\\tc\u0001\n", "{\"m\":\"a \\\"b\\\\\\tc\\u0001\"}\n")]
    [InlineData("json ${msgnl}", "x\n", "x\\n\n")]
    [InlineData("format <${msg}> ${nothing}$ ${", "line\n", "<line> $ ${\n")]
    [InlineData("format ${strftime:%%}", "line\n", "%\n")]
    [InlineData("prefix >>", "line\n", ">>line\n")]
    [InlineData("suffix <<", "line\n", "line\n<<\n")]
    [InlineData("nl", "line\n", "line\n\n")]
    public void Encoders(string encoder, string line, string expected)
    {
        Write(encoder, Encoding.UTF8.GetBytes(line));

        _plain.Writes.Should().Equal(expected);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_still_JSON()
    {
        Write("json ${msg}", [(byte)'a', 0xFF, (byte)'b', (byte)'\n']);

        _plain.Writes.Should().Equal("a\uFFFDb\n");
    }

    private void Write(string encoder, byte[] line)
    {
        string[] arguments = ["--http", ":1", "--module", "m", "--log-encoder", encoder];
        var options = ConfigurationLoader.Load(arguments, new Dictionary<string, string>()).Options!.Log.Encoders;
        new LogRouter([new LogOutput(_plain, [.. options.Select(static option => new LogEncoder(option))])], []).Write(line);
    }

    private sealed class Recorder : ILogReceiver
    {
        public List<string> Writes { get; } = [];

        public bool TakesSingleLines { get; init; }

        public void Write(ReadOnlySpan<byte> lines) => Writes.Add(Encoding.UTF8.GetString(lines));

        public void Reopen() => Writes.Add("reopened");

        public void Rotate() => Writes.Add("renamed");

        public void Dispose() => Writes.Add("disposed");
    }
}
