using System.Buffers.Binary;
using System.Text;
using OneServe.Gateway.Uwsgi;

namespace OneServe.Tests.Gateway;

/// <summary>The form of packets, on exact bytes.</summary>
public sealed class UwsgiPacketTests
{
    private const int Limit = 64 * 1024;
    private const string Get = "\u000e\0REQUEST_METHOD\u0003\0GET";

    [Theory]
    [InlineData(Get, UwsgiFault.None)]
    [InlineData(Get + "\u0001\0A\0\0", UwsgiFault.None)]
    [InlineData("\u0001\0A\0\0" + Get, UwsgiFault.None)]
    [InlineData(Get + "\u0001\0A\u0001\0b\u0001\0A\u0001\0c", UwsgiFault.None)]
    [InlineData(Get + "\u0001\0\u00e4\u0002\0\u00ff\0", UwsgiFault.None)]
    [InlineData(Get + "\u000e\0CONTENT_LENGTH\0\0", UwsgiFault.None)]
    [InlineData(Get + "\u000e\0CONTENT_LENGTH\u0003\0012", UwsgiFault.None)]
    [InlineData("", UwsgiFault.Empty)]
    [InlineData("\0", UwsgiFault.Bounds)]
    [InlineData("\u0001", UwsgiFault.Bounds)]
    [InlineData("\u0001\0", UwsgiFault.Bounds)]
    [InlineData("\u0001\0A", UwsgiFault.Bounds)]
    [InlineData("\u0001\0A\0", UwsgiFault.Bounds)]
    [InlineData("\u0001\0A\u0001\0", UwsgiFault.Bounds)]
    [InlineData("\u0001\0A\u0002\0b", UwsgiFault.Bounds)]
    [InlineData("\u00ff\u00ffA\u0001\0b", UwsgiFault.Bounds)]
    [InlineData("\u0001\0A\u00ff\u00ffb", UwsgiFault.Bounds)]
    [InlineData(Get + "\u0001", UwsgiFault.Bounds)]
    [InlineData("\0\0\0\0", UwsgiFault.EmptyKey)]
    [InlineData(Get + "\0\0\u0001\0b", UwsgiFault.EmptyKey)]
    [InlineData("\u0001\0A\u0001\0b", UwsgiFault.Method)]
    [InlineData("\u000e\0REQUEST_METHOD\0\0", UwsgiFault.Method)]
    [InlineData("\u000e\0REQUEST_METHOD\u0003\0G T", UwsgiFault.Method)]
    [InlineData("\u000e\0REQUEST_METHOD\u0003\0G\nT", UwsgiFault.Method)]
    [InlineData(Get + "\u0002\0A\0\0\0", UwsgiFault.Nul)]
    [InlineData(Get + "\u0009\0PATH_INFO\u0003\0/\0a", UwsgiFault.Nul)]
    [InlineData(Get + "\u000e\0CONTENT_LENGTH\u0001\0x", UwsgiFault.ContentLength)]
    [InlineData(Get + "\u000e\0CONTENT_LENGTH\u0002\0-1", UwsgiFault.ContentLength)]
    [InlineData(Get + "\u000e\0CONTENT_LENGTH\u0002\0 1", UwsgiFault.ContentLength)]
    [InlineData(Get + "\u000e\0CONTENT_LENGTH\u0013\09999999999999999999", UwsgiFault.ContentLength)]
    public void Variables_are_judged_when_they_are_there_as_a_whole(string variables, UwsgiFault fault)
    {
        byte[] packet = Packet(variables);

        UwsgiPacket.Check([.. packet, .. "the body"u8], Limit, out bool isComplete).Should().Be(fault);
        isComplete.Should().Be(variables.Length > 0);
        if (fault == UwsgiFault.Empty)
            return;
        for (int length = 0; length < packet.Length; length++)
        {
            UwsgiPacket.Check(packet.AsSpan(0, length), Limit, out isComplete).Should().Be(UwsgiFault.None, "{0} bytes are not all", length);
            isComplete.Should().BeFalse();
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", UwsgiFault.Http)]
    [InlineData("PUT /", UwsgiFault.Http)]
    [InlineData("POST", UwsgiFault.Http)]
    [InlineData("OPTIONS *", UwsgiFault.Http)]
    [InlineData("\u0016\u0003\u0001\u0002\0", UwsgiFault.Tls)]
    [InlineData("\u0005\u0010\0\0", UwsgiFault.Modifier)]
    [InlineData("\u00ff\u00ff\u00ff\u00ff", UwsgiFault.Modifier)]
    [InlineData("\u0064\0\0\0", UwsgiFault.Ping)]
    [InlineData("\0\0\u0020\0", UwsgiFault.None)]
    [InlineData("\0\u0001\u0020\0", UwsgiFault.TooLarge)]
    [InlineData("\0\u00ff\u00ff\0", UwsgiFault.TooLarge)]
    [InlineData("\u001e\0\0\0", UwsgiFault.Empty)]
    public void A_head_is_judged_before_the_rest_comes(string bytes, UwsgiFault fault)
    {
        byte[] packet = Encoding.Latin1.GetBytes(bytes);
        UwsgiPacket.Check(packet, 8192, out _).Should().Be(fault);
        UwsgiPacket.Check(packet.AsSpan(0, 3), 8192, out bool isComplete).Should().Be(UwsgiFault.None);
        isComplete.Should().BeFalse();
    }

    [Fact]
    public void More_variables_than_anybody_sends_are_refused()
    {
        string[] variables = [Get, .. Enumerable.Repeat("\u0001\0A\0\0", UwsgiPacket.MaximumVariables)];
        UwsgiPacket.Check(Packet(string.Concat(variables[..^1])), Limit, out _).Should().Be(UwsgiFault.None);
        UwsgiPacket.Check(Packet(string.Concat(variables)), Limit, out _).Should().Be(UwsgiFault.TooLarge);
    }

    [Theory]
    [InlineData(UwsgiFault.Http, "HTTP/1.1 400 Bad Request\r\n")]
    [InlineData(UwsgiFault.Modifier, "HTTP/1.1 501 Not Implemented\r\n")]
    [InlineData(UwsgiFault.TooLarge, "HTTP/1.1 431 Request Header Fields Too Large\r\n")]
    [InlineData(UwsgiFault.Slow, "HTTP/1.1 408 Request Timeout\r\n")]
    [InlineData(UwsgiFault.Ping, "d\0\0\u0001")]
    public void Each_fault_has_its_answer(UwsgiFault fault, string beginning)
        => Encoding.Latin1.GetString(UwsgiFaults.Answer(fault)).Should().StartWith(beginning);

    [Fact]
    public void No_fault_is_without_a_text()
    {
        foreach (var fault in Enum.GetValues<UwsgiFault>().Except([UwsgiFault.None, UwsgiFault.Ping]))
            UwsgiFaults.TextOf(fault).Should().NotBeEmpty("{0} is told", fault);
    }

    private static byte[] Packet(string variables)
    {
        byte[] packet = [0, 0, 0, 0, .. Encoding.Latin1.GetBytes(variables)];
        BinaryPrimitives.WriteUInt16LittleEndian(packet.AsSpan(1), (ushort)variables.Length);
        return packet;
    }
}
