using System.Net;
using System.Net.Sockets;
using OneServe.Posix;

namespace OneServe.Tests.Posix;

[Collection(nameof(DescriptorCollection))]
public sealed class ListenSocketTests
{
    private static readonly ListenSocketOptions Sixteen = new() { Backlog = 16 };

    private static ListenAddress Address(string text) => ListenAddress.Parse(text, out string error) ?? throw new ArgumentException(error);

    private static ListenFailure FailureOf(string address)
        => FluentActions.Invoking(() => ListenSocket.Open(Address(address), Sixteen).Dispose()).Should().Throw<ListenException>().Which.Failure;

    [Theory]
    [InlineData("127.0.0.1:0", "127.0.0.1")]
    [InlineData("[::]:0", "127.0.0.1")]
    [InlineData("[::]:0", "::1")]
    [InlineData(":0", "127.0.0.1")]
    public void Tcp_can_be_connected_to(string listen, string connect)
    {
        using var socket = ListenSocket.Open(Address(listen), Sixteen);
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
        using (var first = ListenSocket.Open(Address(path), Sixteen))
        {
            first.File.Should().Be(FileIdentity.Of(path)).And.NotBeNull();
            FailureOf(path).Should().Be(ListenFailure.InUse);
            FileIdentity.Of(path).Should().Be(first.File, "the living server's file is untouched");
        }
        File.Exists(path).Should().BeTrue("closing leaves the file: that is what makes it stale");
        using (var second = ListenSocket.Open(Address(path), Sixteen))
            second.Name.Should().Be(path);
        directory.Delete(recursive: true);
    }

    [Fact]
    public void An_abstract_name_leaves_no_file()
    {
        string name = "@oneserve-test-" + Guid.NewGuid();
        using var socket = ListenSocket.Open(Address(name), Sixteen);
        socket.Name.Should().Be(name);
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint("\0" + name[1..]));
        FailureOf(name).Should().Be(ListenFailure.InUse);
    }

    [Theory]
    [InlineData("192.0.2.1:0", ListenFailure.NotAvailable)]
    [InlineData("[fe80::1]:0", ListenFailure.NotAvailable)]
    [InlineData("no-such-host.invalid:0", ListenFailure.UnknownHost)]
    [InlineData("/nowhere/at/all/s", ListenFailure.NoDirectory)]
    [InlineData("/etc/passwd", ListenFailure.NotASocket)]
    public void Failures_are_told_apart(string address, ListenFailure expected) => FailureOf(address).Should().Be(expected);

    [Fact]
    public void A_port_is_shared_only_by_those_who_all_say_so()
    {
        var shared = Sixteen with { ReusePort = true };
        using var first = ListenSocket.Open(Address("127.0.0.1:0"), shared);
        string same = $"127.0.0.1:{first.Port}";
        using var second = ListenSocket.Open(Address(same), shared);
        second.Port.Should().Be(first.Port);
        FailureOf(same).Should().Be(ListenFailure.InUse);
    }

    [Fact]
    public void A_file_that_cannot_be_finished_is_not_left()
    {
        var directory = Directory.CreateTempSubdirectory("oneserve-");
        string path = Path.Combine(directory.FullName, "s");
        // The last number before the one that means "the same": nobody's. Only root may give it a file.
        var options = Sixteen with { UserId = uint.MaxValue - 1, GroupId = uint.MaxValue - 1, IsOwnerRequired = true, Mode = 0b110_000_000 };
        if (Mono.Unix.Native.Syscall.geteuid() != 0)
        {
            FluentActions.Invoking(() => ListenSocket.Open(Address(path), options)).Should().Throw<ListenException>()
                .Which.Failure.Should().Be(ListenFailure.OwnerNotPermitted);
            File.Exists(path).Should().BeFalse();
        }
        else
        {
            using var socket = ListenSocket.Open(Address(path), options);
            Mono.Unix.Native.Syscall.lstat(path, out var status);
            (status.st_uid, status.st_gid).Should().Be((uint.MaxValue - 1, uint.MaxValue - 1));
        }
        directory.Delete(recursive: true);
    }

    [Fact]
    public void The_holder_of_a_socket_is_told()
    {
        string path = Path.Combine(Path.GetTempPath(), "oneserve-" + Guid.NewGuid());
        using (var first = ListenSocket.Open(Address(path), Sixteen))
        {
            FluentActions.Invoking(() => ListenSocket.Open(Address(path), Sixteen)).Should().Throw<ListenException>()
                .Which.Holder.Should().Be(Environment.ProcessId);
        }
        File.Delete(path);
    }

    [Fact]
    public void An_inherited_socket_is_duplicated_and_stays()
    {
        using var theirs = new InheritedSocket("127.0.0.1:0");
        using (var socket = ListenSocket.Open(Address($"fd://{theirs.Number}"), Sixteen))
        {
            (socket.Inherited, socket.Port, socket.File).Should().Be((theirs.Number, theirs.Socket.Port, null));
            socket.Name.Should().Be($"127.0.0.1:{socket.Port}");
        }
        using var client = new TcpClient();
        client.Connect(IPAddress.Loopback, theirs.Socket.Port);
        client.Connected.Should().BeTrue("what was closed is a duplicate");
    }

    [Fact]
    public void A_descriptor_that_is_no_inherited_listener_is_refused()
    {
        using var ours = ListenSocket.Open(Address("127.0.0.1:0"), Sixteen);
        FailureOf($"fd://{ours.Descriptor.Number}").Should().Be(ListenFailure.NotInherited, "it was opened by this process");
        FailureOf("fd://9999").Should().Be(ListenFailure.NotInherited);
        using var file = new InheritedDescriptor(Descriptors.Event());
        FailureOf($"fd://{file.Number}").Should().Be(ListenFailure.NotListening);
        using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using var copy = new InheritedDescriptor(new SafeDescriptor(Descriptors.Duplicate((int)datagrams.Handle).Int));
        FailureOf($"fd://{copy.Number}").Should().Be(ListenFailure.NotListening);
        using var connected = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var silent = new InheritedDescriptor(new SafeDescriptor(Descriptors.Duplicate((int)connected.Handle).Int));
        FailureOf($"fd://{silent.Number}").Should().Be(ListenFailure.NotListening, "nobody has called listen()");
    }
}
