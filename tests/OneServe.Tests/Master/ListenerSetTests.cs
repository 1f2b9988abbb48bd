using System.Net.Sockets;
using Mono.Unix.Native;
using OneServe.Configuration;
using OneServe.Master;
using OneServe.Master.Start;

namespace OneServe.Tests.Master;

public sealed class ListenerSetTests
{
    private static ServerOptions Options(params string[] addresses) => new()
    {
        Vacuum = true,
        SocketMode = 0b110_110_000,
        Listeners = [.. addresses.Select(static (address, index) =>
            new ListenerOptions(ListenerProtocol.Http, new Setting("http", address, new SourceLocation("site.ini", index + 1))))],
    };

    [Fact]
    public void A_reload_opens_and_closes_only_what_changed()
    {
        using var directory = new TemporaryDirectory();
        var ledger = new PathLedger();
        using var set = new ListenerSet(ledger, new Identity(null, null));
        set.OpenMissing(Options(directory["a"], directory["b"]));
        set.Open.Should().BeEmpty("not in use yet");
        set.Confirm();
        var kept = set.Open[1];
        Syscall.stat(directory["a"], out var status);
        ((int)(status.st_mode & FilePermissions.ALLPERMS)).Should().Be(0b110_110_000);

        var changed = Options(directory["b"], "127.0.0.1:0");
        set.OpenMissing(changed);
        set.Confirm().Should().ContainSingle().Which.Title.Should().MatchRegex(@"^http://127\.0\.0\.1:\d+$");
        set.Superfluous(changed).ForEach(set.Close);

        set.Open.Should().HaveCount(2).And.Contain(kept);
        File.Exists(directory["a"]).Should().BeFalse();
        ledger.Paths.Should().Equal(directory["b"]);
        set.Open.Select(static listener => listener.Id).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void All_or_nothing()
    {
        using var directory = new TemporaryDirectory();
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        server.Bind(new UnixDomainSocketEndPoint(directory["taken"]));
        server.Listen();
        using var set = new ListenerSet(new PathLedger(), new Identity(null, null));

        set.Invoking(listeners => listeners.OpenMissing(Options(directory["a"], directory["taken"])))
            .Should().Throw<StartException>().WithMessage("site.ini:2: http = *another server listens*");
        set.Confirm().Should().BeEmpty();
        File.Exists(directory["a"]).Should().BeFalse();
        File.Exists(directory["taken"]).Should().BeTrue();
    }
}
