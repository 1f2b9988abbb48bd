using System.Net;
using System.Net.Sockets;
using OneServe.Posix;
using OneServe.Tests.Transport;

namespace OneServe.Tests.Posix;

public sealed unsafe class SocketCallsTests
{
    [Fact]
    public void What_is_accepted_inherits_no_delay_and_has_names()
    {
        using var listener = Sockets.Listen(out int port);
        SocketCalls.SetNoDelay(listener.Number).IsError.Should().BeFalse();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(IPAddress.Loopback, port);

        var accepted = SocketCalls.Accept(listener.Number, out var peer);

        using var server = new Socket(new SafeSocketHandle(accepted.Int, ownsHandle: true));
        server.NoDelay.Should().BeTrue();
        peer.ToString().Should().Be("127.0.0.1");
        peer.Port.Should().Be(((IPEndPoint)client.LocalEndPoint!).Port);
        SocketName.OfPeer(accepted.Int).Should().Be(peer);
        SocketName.OfLocal(accepted.Int).Port.Should().Be(port);
        SocketCalls.Accept(listener.Number, out _).Errno.Should().Be(Errno.EAGAIN);
    }

    [Theory]
    [InlineData("02001F90C0A80001", "192.168.0.1", 8080)]
    [InlineData("0A0000500000000020010DB8000000000000000000000001", "2001:db8::1", 80)]
    [InlineData("0A0000500000000000000000000000000000FFFF0A000001", "10.0.0.1", 80)]
    [InlineData("01002F746D702F78", "", 0)]
    [InlineData("0100", "", 0)]
    public void Names_are_told_as_text(string sockaddr, string text, int port)
    {
        byte[] bytes = Convert.FromHexString(sockaddr);
        fixed (byte* start = bytes)
        {
            var name = SocketName.Parse(start, (uint)bytes.Length);
            name.ToString().Should().Be(text);
            name.Port.Should().Be(port);
            name.IsInternet.Should().Be(text.Length > 0);
        }
    }
}
