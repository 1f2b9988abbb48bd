using OneServe.Configuration;
using OneServe.Master;
using OneServe.Master.Start;

namespace OneServe.Tests.Master;

public sealed class IdentityTests
{
    private static Setting? Of(string name, string? value) => value is null ? null : new Setting(name, value, new SourceLocation("site.ini", 3));

    [Theory]
    [InlineData("nobody", null, 65534u, 65534u)]
    [InlineData("65534", null, 65534u, 65534u)]
    [InlineData("54321", null, 54321u, 54321u)]
    [InlineData("54321", "12345", 54321u, 12345u)]
    [InlineData(null, "12345", 0u, 12345u)]
    public void Root_becomes_another_user(string? user, string? group, uint userId, uint groupId)
    {
        var identity = Identity.Resolve(Of("uid", user), Of("gid", group), 0, 0);
        identity.Note.Should().BeNull();
        (identity.Drop!.UserId, identity.Drop.GroupId).Should().Be((userId, groupId));
        identity.Drop.Groups.Should().Contain(groupId).And.NotContain(0u);
    }

    [Fact]
    public void Others_cannot_and_are_told()
    {
        Identity.Resolve(Of("uid", "nobody"), null, 1000, 1000)
            .Should().Match<Identity>(identity => identity.Drop == null && identity.Note!.Contains("site.ini:3"));
        Identity.Resolve(Of("uid", "1000"), Of("gid", "1000"), 1000, 1000).Should().Be(new Identity(null, null));
        Identity.Resolve(null, null, 0, 0).Should().Be(new Identity(null, null));
    }

    [Theory]
    [InlineData("no-such-user-here", null)]
    [InlineData("root", "no-such-group-here")]
    public void Unknown_names_are_one_message(string user, string? group)
        => FluentActions.Invoking(() => Identity.Resolve(Of("uid", user), Of("gid", group), 0, 0)).Should().Throw<StartException>()
            .WithMessage("site.ini:3: *no-such-*-here: there is no such *");
}
