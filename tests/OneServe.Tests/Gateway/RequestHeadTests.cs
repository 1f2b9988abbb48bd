using System.Text;
using OneServe.Gateway.Http;

namespace OneServe.Tests.Gateway;

/// <summary>The grammar of heads; the whole table of refusals is tested from outside. Here: that pieces decide as the whole does.</summary>
public sealed class RequestHeadTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", HeadFault.None)]
    [InlineData("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", HeadFault.None)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n", HeadFault.None)]
    [InlineData("GET / HTTP/1.0\r\n\r\n", HeadFault.None)]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", HeadFault.None)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", HeadFault.Host)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", HeadFault.BareLineEnd)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX : a\r\n\r\n", HeadFault.FieldName)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: a\u0007\r\n\r\n", HeadFault.FieldValue)]
    [InlineData("GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n", HeadFault.ForeignScheme)]
    [InlineData("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", HeadFault.Connect)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", HeadFault.UnknownCoding)]
    public void A_head_is_judged_alike_in_pieces(string text, HeadFault fault)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text + "GET /next");
        int end = text.Length;
        RequestHead.Check(bytes.AsSpan(0, end)).Should().Be(fault);
        for (int seen = 0; seen < bytes.Length; seen++)
        {
            RequestHead.FindEnd(bytes, Math.Min(seen, end - 1)).Should().Be(end, "{0} bytes were seen before", seen);
            if (seen >= end)
                continue;
            RequestHead.FindEnd(bytes.AsSpan(0, seen), 0).Should().Be(-1);
            RequestHead.CheckPart(bytes.AsSpan(0, seen)).Should().BeOneOf(HeadFault.None, fault);
        }
    }

    [Theory]
    [InlineData("G", HeadFault.None)]
    [InlineData("\r", HeadFault.None)]
    [InlineData("\r\n\r", HeadFault.None)]
    [InlineData("\u0016\u0003\u0001", HeadFault.NotHttp)]
    [InlineData("\n", HeadFault.NotHttp)]
    [InlineData("GET / HTTP/1.1\n", HeadFault.BareLineEnd)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\n\n", HeadFault.BareLineEnd)]
    [InlineData("GET / HTTP/1.1\r", HeadFault.None)]
    public void What_can_become_no_request_need_not_be_waited_for(string text, HeadFault fault)
        => RequestHead.CheckPart(Encoding.Latin1.GetBytes(text)).Should().Be(fault);

    [Fact]
    public void Every_fault_has_a_status_of_an_error()
    {
        foreach (var fault in Enum.GetValues<HeadFault>().Where(fault => fault != HeadFault.None))
            HeadFaults.StatusOf(fault).Should().BeOneOf(400, 408, 411, 414, 417, 421, 431, 501, 505);
        string answer = Encoding.ASCII.GetString(HeadFaults.Answer(431, "X: y\r\n"));
        answer.Should().StartWith("HTTP/1.1 431 Request Header Fields Too Large\r\n").And.EndWith(" GMT\r\nX: y\r\n\r\n");
    }
}
