using System.Net.Sockets;
using Mono.Unix.Native;
using OneServe.Configuration;
using OneServe.Master;
using OneServe.Master.Start;
using OneServe.Tests.Posix;

namespace OneServe.Tests.Master;

public sealed class ListenerSetTests
{
    private static readonly Identity Same = new(null, null);
    private static readonly ActivatedSockets None = new([]);

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
        using var set = new ListenerSet(ledger, Same, None);
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
        using var set = new ListenerSet(new PathLedger(), Same, None);

        set.Invoking(listeners => listeners.OpenMissing(Options(directory["a"], directory["taken"])))
            .Should().Throw<StartException>().WithMessage("site.ini:2: http = *another server listens*");
        set.Confirm().Should().BeEmpty();
        File.Exists(directory["a"]).Should().BeFalse();
        File.Exists(directory["taken"]).Should().BeTrue();
    }

    [Fact]
    public void The_same_address_in_other_words_is_left_alone()
    {
        using var set = new ListenerSet(new PathLedger(), Same, None);
        set.OpenMissing(Options("127.0.0.1:0"));
        set.Confirm();

        var reworded = Options($"localhost:{set.Open[0].Socket.Port}");
        set.OpenMissing(reworded);

        set.Confirm().Should().BeEmpty();
        set.Superfluous(reworded).Should().BeEmpty();
    }

    [Fact]
    public void Addresses_that_overlap_are_told_apart_from_other_programs()
    {
        using var set = new ListenerSet(new PathLedger(), Same, None);
        set.OpenMissing(Options("127.0.0.1:0"));
        set.Confirm();

        set.Invoking(listeners => listeners.OpenMissing(Options($":{set.Open[0].Socket.Port}")))
            .Should().Throw<StartException>().WithMessage("site.ini:1: http = *this server listens on `127.0.0.1:0` already (site.ini:1)*");
    }

    [Fact]
    public void An_inherited_socket_is_used_by_its_number_and_by_its_address()
    {
        using var theirs = new InheritedSocket("[::]:0");
        using var set = new ListenerSet(new PathLedger(), Same, new ActivatedSockets([theirs.Number]));
        set.OpenMissing(Options($":{theirs.Socket.Port}"));
        set.Confirm().Should().ContainSingle().Which.Title
            .Should().Be($"http://[::]:{theirs.Socket.Port} (inherited, descriptor {theirs.Number})");

        var byNumber = Options($"fd://{theirs.Number}");
        set.OpenMissing(byNumber);
        set.Confirm().Should().BeEmpty("it is the same socket");
        set.Superfluous(byNumber).Should().BeEmpty();
    }

    [Fact]
    public void An_inherited_file_is_not_ours_to_remove()
    {
        using var directory = new TemporaryDirectory();
        using var theirs = new InheritedSocket(directory["s"]);
        var ledger = new PathLedger();
        using var set = new ListenerSet(ledger, Same, new ActivatedSockets([theirs.Number]));
        set.OpenMissing(Options(directory["s"]));
        set.Confirm().ForEach(set.Close);

        ledger.Paths.Should().BeEmpty();
        File.Exists(directory["s"]).Should().BeTrue();
    }

    [Fact]
    public void An_inherited_socket_that_nobody_names_is_told()
    {
        using var theirs = new InheritedSocket("127.0.0.1:0");
        var activated = new ActivatedSockets([theirs.Number]);
        using var set = new ListenerSet(new PathLedger(), Same, activated);
        set.OpenMissing(Options("127.0.0.1:0"));
        set.Confirm();

        activated.TellUnused(set.Open).Should().ContainSingle().Which.Should().Contain($"http = fd://{theirs.Number}");
    }

    [Theory]
    [InlineData("fd://9999", "*site.ini:1: http = fd://9999: *was not started with a descriptor 9999*")]
    [InlineData("no-such-host.invalid:80", "*site.ini:1: http = no-such-host.invalid:80: *no address*")]
    public void A_mistake_says_where_and_what(string address, string message)
    {
        using var set = new ListenerSet(new PathLedger(), Same, None);
        set.Invoking(listeners => listeners.OpenMissing(Options(address))).Should().Throw<StartException>().WithMessage(message);
    }
}
