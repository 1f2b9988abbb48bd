using System.Buffers.Binary;
using System.Net;
using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

public sealed class AddressRangeTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.255.1.2", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("10.1.2.3/8", "10.9.9.9", true)]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("0.0.0.0/0", "203.0.113.7", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("::/0", "203.0.113.7", true)]
    [InlineData("2001:db8::/33", "2001:db8:7fff::1", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::1", false)]
    [InlineData("::ffff:192.0.2.0/24", "192.0.2.9", true)]
    [InlineData("::1", "127.0.0.1", false)]
    public void Contains(string text, string address, bool expected)
    {
        AddressRange.TryParse(text, out var range).Should().BeTrue();

        range.Contains(BinaryPrimitives.ReadUInt128BigEndian(IPAddress.Parse(address).MapToIPv6().GetAddressBytes())).Should().Be(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("10.1/8")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/")]
    [InlineData("::1/129")]
    [InlineData("fe80::1%eth0")]
    [InlineData("localhost")]
    public void Refuses(string text) => AddressRange.TryParse(text, out _).Should().BeFalse();
}
