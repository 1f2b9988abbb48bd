using System.Diagnostics;
using System.Text;
using OneServe.Gateway.Logging;
using OneServe.Posix;

namespace OneServe.Tests.Gateway;

public sealed class AccessLogTests
{
    [Fact]
    public void Lines_are_written_whole_and_in_order()
    {
        var (read, write) = Descriptors.Pipe();
        using (read)
        {
            using (write)
            using (var log = new AccessLog(write.Number))
            {
                for (int i = 0; i < 100; i++)
                    log.Append(Entry("/" + i));
            }
            string text = ReadToEnd(read);
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(100).And.SatisfyRespectively(
                Enumerable.Range(0, 100).Select(i => (Action<string>)(line => line.Should().Contain($" GET /{i} => "))));
        }
    }

    [Fact]
    public void A_reader_that_takes_nothing_stops_neither_requests_nor_the_end()
    {
        var (read, write) = Descriptors.Pipe();
        var log = new AccessLog(write.Number);
        string target = "/" + new string('a', 60_000);
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < 1000; i++)
            log.Append(Entry(target));
        log.Dispose();
        log.Append(Entry("/late"));
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5));

        // The thread is still in its write: who reads now sets it free.
        string text = ReadUntil(read, "were dropped");
        write.Dispose();
        read.Dispose();
        text.Should().NotContain("/late");
    }

    private static string ReadToEnd(SafeDescriptor read) => ReadUntil(read, null);

    private static string ReadUntil(SafeDescriptor read, string? text)
    {
        var all = new StringBuilder();
        byte[] part = new byte[64 * 1024];
        while (text is null || !all.ToString().Contains(text, StringComparison.Ordinal))
        {
            int got = Descriptors.Read(read.Number, part).Int;
            if (got == 0)
                break;
            all.Append(Encoding.ASCII.GetString(part, 0, got));
        }
        return all.ToString();
    }

    private static AccessLogEntry Entry(string target) => new()
    {
        Pid = 1,
        Application = 0,
        ProcessRequests = 1,
        TotalRequests = 1,
        RemoteAddress = "127.0.0.1",
        Variables = 0,
        VariablesSize = 0,
        Time = new DateTime(2025, 1, 2, 3, 4, 5),
        Method = "GET",
        Target = target,
        ResponseSize = 0,
        Duration = TimeSpan.Zero,
        Via = "",
        Protocol = "HTTP/1.1",
        Status = 200,
        Headers = 0,
        HeadersSize = 0,
    };
}
