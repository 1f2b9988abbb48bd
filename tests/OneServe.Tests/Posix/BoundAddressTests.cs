using OneServe.Posix;

namespace OneServe.Tests.Posix;

public sealed class BoundAddressTests
{
    private static readonly ListenSocketOptions Options = new() { Backlog = 16 };

    private static ListenAddress Address(string text) => ListenAddress.Parse(text, out string error) ?? throw new ArgumentException(error);

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", true, true, true)]
    [InlineData("127.0.0.1", "localhost", true, true, true)]
    [InlineData("127.0.0.1", "", false, false, true)]
    [InlineData("127.0.0.1", "127.0.0.2", false, false, false)]
    [InlineData("", "0.0.0.0", true, true, true)]
    [InlineData("", "127.0.0.1", false, false, true)]
    [InlineData("", "[::1]", false, false, false)]
    [InlineData("[::]", "", false, true, true)]
    [InlineData("[::]", "127.0.0.1", false, false, true)]
    [InlineData("[::]", "[::]", true, true, true)]
    public void Tcp(string bound, string asked, bool same, bool covered, bool overlapping)
    {
        using var socket = ListenSocket.Open(Address(bound + ":0"), Options);
        var address = Address($"{asked}:{socket.Port}");
        (socket.Bound.Is(address), socket.Bound.Covers(address), socket.Bound.Overlaps(address)).Should().Be((same, covered, overlapping));
        (socket.Bound.Is(Address(asked + ":0")), socket.Bound.Overlaps(Address($"{asked}:1"))).Should().Be((false, false), "it is another port");
    }

    [Fact]
    public void Unix_paths_are_one_by_any_way_to_them()
    {
        var directory = Directory.CreateTempSubdirectory("oneserve-");
        Directory.CreateDirectory(Path.Combine(directory.FullName, "run"));
        File.CreateSymbolicLink(Path.Combine(directory.FullName, "link"), "run");
        using (var socket = ListenSocket.Open(Address(Path.Combine(directory.FullName, "run/s")), Options))
        {
            socket.Bound.ToString().Should().EndWith("/run/s");
            socket.Bound.Is(Address(Path.Combine(directory.FullName, "link/s"))).Should().BeTrue();
            socket.Bound.Is(Address(Path.Combine(directory.FullName, "run/t"))).Should().BeFalse();
        }
        directory.Delete(recursive: true);
    }

    [Fact]
    public void Abstract_names()
    {
        string name = "@oneserve-test-" + Guid.NewGuid();
        using var socket = ListenSocket.Open(Address(name), Options);
        (socket.Bound.ToString(), socket.Bound.Is(Address(name)), socket.Bound.Is(Address(name + "x"))).Should().Be((name, true, false));
    }
}
