using OneServe.Configuration;
using OneServe.Master;
using OneServe.Master.Start;
using OneServe.Posix;

namespace OneServe.Tests.Master;

public sealed class SocketOwnerTests
{
    private static readonly Identity Dropping = new(new Credentials(11, 22, []), null);

    private static Setting Of(string value) => new("chown-socket", value, new SourceLocation("site.ini", 4));

    [Theory]
    [InlineData("nobody", 65534u, 22u)]
    [InlineData("nobody:33", 65534u, 33u)]
    [InlineData("44:", 44u, 22u)]
    [InlineData(":root", 11u, 0u)]
    public void What_is_not_said_is_the_servers(string value, uint user, uint group)
        => SocketOwner.Resolve(Of(value), Dropping).Should().Be(new SocketOwner(user, group, IsRequired: true));

    [Fact]
    public void Without_it_the_socket_is_the_servers()
    {
        SocketOwner.Resolve(null, Dropping).Should().Be(new SocketOwner(11, 22, IsRequired: false));
        SocketOwner.Resolve(null, new Identity(null, null)).Should().Be(new SocketOwner(null, null, IsRequired: false));
    }

    [Theory]
    [InlineData("no-such-user-here", "site.ini:4: chown-socket = no-such-user-here: there is no user no-such-user-here.*")]
    [InlineData("root:no-such-group-here", "site.ini:4: *there is no group no-such-group-here.*")]
    [InlineData("a:b:c", "site.ini:4: *no owner*")]
    [InlineData(":", "site.ini:4: *no owner*")]
    public void Mistakes(string value, string message)
        => FluentActions.Invoking(() => SocketOwner.Resolve(Of(value), Dropping)).Should().Throw<StartException>().WithMessage(message);
}
