using OneServe.Posix;

namespace OneServe.Tests.Posix;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData(":8000", "0.0.0.0:8000")]
    [InlineData("*:8000", "0.0.0.0:8000")]
    [InlineData("8000", "0.0.0.0:8000")]
    [InlineData("127.0.0.1:80", "127.0.0.1:80")]
    [InlineData("[::]:8000", "[::]:8000")]
    [InlineData("[::1]:8000", "[::1]:8000")]
    [InlineData(" localhost:8000 ", "127.0.0.1:8000")]
    public void Tcp(string text, string endpoint)
        => ListenAddress.Parse(text, out string error)!.Resolve()!.ToString().Should().Be(endpoint, error);

    [Theory]
    [InlineData("/run/site.sock", "/run/site.sock", null)]
    [InlineData("/run/a:b", "/run/a:b", null)]
    [InlineData("@site", null, "site")]
    public void Unix(string text, string? path, string? name)
    {
        var address = ListenAddress.Parse(text, out _)!;
        (address.Path, address.AbstractName, address.IsTcp).Should().Be((path, name, false));
    }

    [Fact]
    public void Descriptor()
    {
        var address = ListenAddress.Parse("fd://3", out _)!;
        (address.Descriptor, address.IsTcp, address.Path).Should().Be((3, false, null));
    }

    [Theory]
    [InlineData("fd://x", "*`x`*fd://3*")]
    [InlineData("", "is empty")]
    [InlineData("host:", "*port*")]
    [InlineData("host:http", "*`http`*")]
    [InlineData(":65536", "*65536*")]
    [InlineData("[::1]", "*]:port*")]
    [InlineData("::1:8000", "*[::1]:8000*")]
    [InlineData("/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789", "*too long*")]
    public void Wrong(string text, string expected)
    {
        ListenAddress.Parse(text, out string error).Should().BeNull();
        error.Should().Match(expected);
    }
}
