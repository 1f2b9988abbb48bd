using System.Text;
using Microsoft.AspNetCore.Http;
using OneServe.Configuration;
using OneServe.Gateway.Logging;
using OneServe.Posix;

namespace OneServe.Tests.Gateway.Logging;

public sealed class LineFormatTests
{
    [Theory]
    [InlineData("text alone", "text alone")]
    [InlineData("%(method) %(uri) %(proto)", "GET /a?b=c HTTP/1.1")]
    [InlineData("%(status)%(rsize)", "20013")]
    [InlineData("%(size)=%(rsize)+%(hsize)", "113=13+100")]
    [InlineData("%(micros) %(msecs) %(secs)", "1234567 1234 1.234567")]
    [InlineData("%(user) %(referer)", "- -")]
    [InlineData("%(addr) %(host) %(uagent)", "192.0.2.1 example.com a \"b\" \\c")]
    [InlineData("\"%(uagent)\" %(uagent)", "\"a \\\"b\\\" \\\\c\" a \"b\" \\c")]
    [InlineData("%(pid) %(wid) %(core) %(switches) %(vars) %(pktsize) %(headers)", "42 3 1 1 17 300 4")]
    [InlineData("%(vsz) %(vszM) %(rss) %(rssM)", "10485760 10 3145728 3")]
    [InlineData("%(modifier1)%(modifier2)%(werr)%(rerr)%(ioerr) %(metric.any)", "00101 0")]
    [InlineData("%(cl) %(var.HTTP_X_Y) %(var.CONTENT_TYPE) %(var.CONTENT_LENGTH)", "5 z text/plain 5")]
    [InlineData("%(var.PATH_INFO) %(var.QUERY_STRING) %(var.REMOTE_PORT) %(var.SERVER_PORT) %(var.REQUEST_SCHEME) %(var.HTTPS)", "/a b=c 1234 80 http -")]
    [InlineData("%(tenant) %(nothing)", "acme -")]
    [InlineData("%(", "%(")]
    [InlineData("100% %x (%(status))", "100% %x (200)")]
    public void Variables(string format, string expected) => Format(format, new Request()).Should().Be(expected + "\n");

    [Theory]
    [InlineData("%(time) %(tmsecs) %(tmicros)", @"^\d{10} \d{13} \d{16}$")]
    [InlineData("%(ltime)", @"^\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}$")]
    [InlineData("%(ftime)", @"^\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}$")]
    [InlineData("%(ctime)", @"^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$")]
    public void Times(string format, string pattern) => Format(format, new Request()).TrimEnd('\n').Should().MatchRegex(pattern);

    [Fact]
    public void Of_a_request_that_could_not_be_read_only_the_line_is_known()
        => Format("%(method) %(host) %(uagent) %(referer) %(var.HTTP_X) %(var.PATH_INFO) %(cl) %(wid) %(tenant)", null).Should().Be("GET - - - - - 0 0 -\n");

    [Fact]
    public void Control_characters_forge_nothing()
        => Format("\"%(var.HTTP_EVIL)\" %(var.HTTP_EVIL)", new Request()).Should().Be("\"a?b?\\\"\" a?b?\"\n");

    [Fact]
    public void What_does_not_fit_is_told()
        => LineFormat.Of(new AccessLogOptions { Format = Setting("%(uri) %(uri)") })!.TryFormat(Entry(null), new byte[10], out _).Should().BeFalse();

    [Fact]
    public void A_line_allocates_nothing()
    {
        var format = LineFormat.Of(new AccessLogOptions
        {
            Format = Setting(
                "%(addr) - %(user) [%(ltime)] \"%(method) %(uri) %(proto)\" %(status) %(size) \"%(referer)\" \"%(uagent)\" %(secs) %(ctime) %(var.HTTP_X_Y)"),
        })!;
        byte[] buffer = new byte[1000];
        var request = new Request();
        long least = long.MaxValue;
        // Once a second a new date is made.
        for (int i = 0; i < 5; i++)
        {
            var entry = Entry(request);
            long before = GC.GetAllocatedBytesForCurrentThread();
            format.TryFormat(entry, buffer, out _);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        least.Should().Be(0);
    }

    [Fact]
    public void The_default_line_with_memory_and_microseconds()
    {
        byte[] buffer = new byte[1000];
        Entry(null, isVerbose: true).TryFormat(buffer, out int written).Should().BeTrue();

        Encoding.UTF8.GetString(buffer, 0, written).Should()
            .StartWith("{address space usage: 10485760 bytes/10MB} {rss usage: 3145728 bytes/3MB} [pid: 42|").And.Contain(" bytes in 1234567 micros (");
    }

    private static string Format(string format, Request? request)
    {
        byte[] buffer = new byte[1000];
        LineFormat.Of(new AccessLogOptions { Format = Setting(format) })!.TryFormat(Entry(request), buffer, out int written).Should().BeTrue();
        return Encoding.UTF8.GetString(buffer, 0, written);
    }

    private static Setting Setting(string format) => new("log-format", format, default);

    private static AccessLogEntry Entry(ILoggedRequest? request, bool isVerbose = false) => new()
    {
        Pid = 42,
        Application = 0,
        ProcessRequests = 1,
        TotalRequests = 1,
        RemoteAddress = "192.0.2.1",
        Variables = 17,
        VariablesSize = 300,
        Time = new DateTime(2025, 1, 2, 3, 4, 5),
        Method = "GET",
        Target = "/a?b=c",
        ResponseSize = 13,
        Duration = TimeSpan.FromMicroseconds(1_234_567),
        Via = "",
        Protocol = "HTTP/1.1",
        Status = 200,
        Headers = 4,
        HeadersSize = 100,
        Request = request,
        Memory = new ProcessMemory(10 << 20, 3 << 20),
        TellsMemory = isVerbose,
        TellsMicroseconds = isVerbose,
    };

    private sealed class Request : ILoggedRequest
    {
        public IHeaderDictionary Fields { get; } = new HeaderDictionary
        {
            ["Host"] = "example.com",
            ["User-Agent"] = "a \"b\" \\c",
            ["X-Y"] = "z",
            ["Evil"] = "a\nb\u0001\"",
            ["Content-Type"] = "text/plain",
        };

        public string Path => "/a";

        public string Query => "?b=c";

        public string Scheme => "http";

        public string RemotePort => "1234";

        public string ServerPort => "80";

        public int Worker => 3;

        public int Thread => 1;

        public long ContentLength => 5;

        public bool ReadFailed => false;

        public bool WriteFailed => true;

        public IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string> { ["tenant"] = "acme" };
    }
}
