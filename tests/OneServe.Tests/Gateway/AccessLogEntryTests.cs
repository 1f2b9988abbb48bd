using System.Text;
using OneServe.Gateway.Logging;

namespace OneServe.Tests.Gateway;

public sealed class AccessLogEntryTests
{
    private static AccessLogEntry Entry(string target = "/a?b=c", string? user = null) => new()
    {
        Pid = 4711,
        Application = 0,
        ProcessRequests = 3,
        TotalRequests = 12,
        RemoteAddress = "127.0.0.1",
        User = user,
        Variables = 28,
        VariablesSize = 321,
        Time = new DateTime(2026, 3, 5, 7, 8, 9),
        Method = "GET",
        Target = target,
        ResponseSize = 13,
        Duration = TimeSpan.FromMilliseconds(4.9),
        Via = "",
        Protocol = "HTTP/1.1",
        Status = 200,
        Headers = 2,
        HeadersSize = 79,
    };

    [Fact]
    public void The_line_has_uWSGIs_default_form()
    {
        byte[] buffer = new byte[512];
        Entry().TryFormat(buffer, out int written).Should().BeTrue();
        Encoding.ASCII.GetString(buffer, 0, written).Should().Be(
            "[pid: 4711|app: 0|req: 3/12] 127.0.0.1 () {28 vars in 321 bytes} [Thu Mar  5 07:08:09 2026] GET /a?b=c => "
            + "generated 13 bytes in 4 msecs (HTTP/1.1 200) 2 headers in 79 bytes (1 switches on core 0)\n");
    }

    [Fact]
    public void The_user_whom_a_route_has_let_in_is_named()
    {
        byte[] buffer = new byte[512];
        Entry(user: "ann").TryFormat(buffer, out int written).Should().BeTrue();
        Encoding.ASCII.GetString(buffer, 0, written).Should().Contain("] 127.0.0.1 (ann) {28 vars");
    }

    [Fact]
    public void A_client_cannot_forge_a_line()
    {
        byte[] buffer = new byte[512];
        Entry("/\n[pid: 1]\r").TryFormat(buffer, out int written).Should().BeTrue();
        Encoding.ASCII.GetString(buffer, 0, written - 1).Should().NotContain("\n").And.NotContain("\r");
    }

    [Fact]
    public void A_buffer_that_is_too_small_is_no_error()
    {
        byte[] buffer = new byte[512];
        Entry().TryFormat(buffer, out int whole).Should().BeTrue();
        for (int size = 0; size < whole; size++)
            Entry().TryFormat(buffer.AsSpan(0, size), out _).Should().BeFalse("{0} bytes do not hold {1}", size, whole);
    }
}
