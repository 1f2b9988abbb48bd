using System.Net;
using System.Net.Sockets;
using OneServe.Posix;

namespace OneServe.Tests.Posix;

public sealed class ListenSocketTests
{
    private static ListenAddress Address(string text) => ListenAddress.Parse(text, out string error) ?? throw new ArgumentException(error);

    private static ListenFailure FailureOf(string address)
        => FluentActions.Invoking(() => ListenSocket.Open(Address(address), 16).Dispose()).Should().Throw<ListenException>().Which.Failure;

    [Theory]
    [InlineData("127.0.0.1:0", "127.0.0.1")]
    [InlineData("[::]:0", "127.0.0.1")]
    [InlineData("[::]:0", "::1")]
    [InlineData(":0", "127.0.0.1")]
    public void Tcp_can_be_connected_to(string listen, string connect)
    {
        using var socket = ListenSocket.Open(Address(listen), 16);
        socket.Port.Should().BePositive();
        using var client = new TcpClient(IPAddress.Parse(connect).AddressFamily);
        client.Connect(IPAddress.Parse(connect), socket.Port);
        client.Connected.Should().BeTrue();
        FailureOf(listen.Replace(":0", $":{socket.Port}")).Should().Be(ListenFailure.InUse);
    }

    [Fact]
    public void A_socket_file_is_taken_over_only_from_the_dead()
    {
        var directory = Directory.CreateTempSubdirectory("oneserve-");
        string path = Path.Combine(directory.FullName, "s");
        using (var first = ListenSocket.Open(Address(path), 16))
        {
            first.File.Should().Be(FileIdentity.Of(path)).And.NotBeNull();
            FailureOf(path).Should().Be(ListenFailure.InUse);
            FileIdentity.Of(path).Should().Be(first.File, "the living server's file is untouched");
        }
        File.Exists(path).Should().BeTrue("closing leaves the file: that is what makes it stale");
        using (var second = ListenSocket.Open(Address(path), 16))
            second.Name.Should().Be(path);
        directory.Delete(recursive: true);
    }

    [Fact]
    public void An_abstract_name_leaves_no_file()
    {
        string name = "@oneserve-test-" + Guid.NewGuid();
        using var socket = ListenSocket.Open(Address(name), 16);
        socket.Name.Should().Be(name);
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint("\0" + name[1..]));
        FailureOf(name).Should().Be(ListenFailure.InUse);
    }

    [Theory]
    [InlineData("192.0.2.1:0", ListenFailure.NotAvailable)]
    [InlineData("no-such-host.invalid:0", ListenFailure.UnknownHost)]
    [InlineData("/nowhere/at/all/s", ListenFailure.NoDirectory)]
    [InlineData("/etc/passwd", ListenFailure.NotASocket)]
    public void Failures_are_told_apart(string address, ListenFailure expected) => FailureOf(address).Should().Be(expected);
}
