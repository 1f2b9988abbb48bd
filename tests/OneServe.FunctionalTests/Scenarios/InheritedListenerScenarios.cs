using System.Globalization;
using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>Sockets that are there before the server: as systemd passes them on, and by their numbers.</summary>
public sealed class InheritedListenerScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Fact]
    [Scenario("activated-sockets-are-the-addresses")]
    public async Task Without_an_address_the_sockets_handed_over_are_used()
    {
        Site.Ini($"chdir = {Site.Directory}", "module = probe", "vacuum = true", "chmod-socket = 600");
        var server = Activate($"[::]:{Site.Port}", Site.PathOf("theirs.sock"));
        await server.WaitReadyAsync();
        await server.WaitForLineAsync(new Regex($@"http://\[::\]:{Site.Port} \(inherited, descriptor 3\)"));
        var mode = File.GetUnixFileMode(Site.PathOf("theirs.sock"));

        (await RawHttp.GetAsync(Site.UnixEndPoint("theirs.sock"), "/hello")).Text.Should().Be("Hello, world!");
        var variables = (await server.GetAsync("/process")).Json().GetProperty("variables");

        variables.EnumerateObject().Select(variable => variable.Name).Should().NotContain(name => name.StartsWith("LISTEN_"));
        mode.Should().HaveFlag(UnixFileMode.GroupRead, "its maker has chosen the mode");
        await server.StopAsync();
        File.Exists(Site.PathOf("theirs.sock")).Should().BeTrue("it is not the server's to remove");
    }

    [Fact]
    [Scenario("activated-socket-instead-of-binding")]
    public async Task A_socket_handed_over_is_used_for_its_address()
    {
        int other = Ports.Next();
        Site.Ini($"http = :{Site.Port}", "http = theirs.sock", $"chdir = {Site.Directory}", "module = probe", "vacuum = true");
        var server = Activate($"127.0.0.1:{other}", Site.PathOf("theirs.sock"), $"[::]:{Site.Port}");
        await server.WaitReadyAsync();

        await server.WaitForLineAsync(new Regex($@"WARNING: .*127\.0\.0\.1:{other} \(descriptor 3\) is not used"));
        await server.WaitForLineAsync(new Regex($@"http://\[::\]:{Site.Port} \(inherited, descriptor 5\)"));
        (await server.GetAsync("/hello")).Text.Should().Be("Hello, world!");
        (await RawHttp.GetAsync(Site.UnixEndPoint("theirs.sock"), "/hello")).Text.Should().Be("Hello, world!");
        await server.StopAsync();
        File.Exists(Site.PathOf("theirs.sock")).Should().BeTrue();
    }

    /// <summary>A reload may leave an inherited socket out and another one take it back: it cannot be made anew.</summary>
    [Fact]
    [Scenario("inherited-socket-over-reloads")]
    public async Task An_inherited_socket_outlives_reloads()
    {
        int other = Ports.Next();
        string elsewhere = $"http = 127.0.0.1:{other}";
        string[] lines = [$"chdir = {Site.Directory}", "module = probe", "reload-canary = 0"];
        Site.Ini(["http = fd://3", .. lines]);
        var server = LaunchOn(announce: "", $"127.0.0.1:{Site.Port}");
        await server.WaitReadyAsync();

        await ReloadAsync(server, 1, "http = fd://3", elsewhere);
        (await server.GetAsync("/hello")).Text.Should().Be("Hello, world!");
        await ReloadAsync(server, 2, elsewhere);
        await server.WaitForLineAsync(new Regex("Not listening any more: .*descriptor 3"));
        await using var waiting = await server.ConnectAsync();
        await ReloadAsync(server, 3, "http = fd://3", elsewhere);

        (await waiting.RequestAsync("GET", "/hello")).Text.Should().Be("Hello, world!", "it waited in the socket's own queue");

        async Task ReloadAsync(OneServeProcess running, int count, params string[] listeners)
        {
            Site.Ini([.. listeners, .. lines]);
            running.Send(Signal.Hup);
            await Poll.Until(() => running.Log.Lines.Count(Messages.Reloaded.IsMatch) == count, "it has reloaded");
        }
    }

    [Theory]
    [Scenario("wrong-descriptor-is-a-mistake")]
    [InlineData("fd://9", "not started with a descriptor 9")]
    [InlineData("fd://4", "descriptor 4 is no listening stream socket")]
    [InlineData("fd://5", "descriptor 5 is no listening stream socket")]
    [InlineData("fd://x", "`x` is not the number of a descriptor")]
    public async Task A_descriptor_that_is_no_listening_socket_is_a_mistake(string address, string cause)
    {
        Site.Ini($"http = {address}", $"chdir = {Site.Directory}", "module = probe");

        var outcome = await LaunchOn(announce: "", $"127.0.0.1:{Site.Port}", "datagram", "file").WaitForExitAsync();

        outcome.ShouldBeMistake(Messages.At("site.ini", 2), Messages.Word($"http = {address}"), Messages.Word(cause));
    }

    [Fact]
    [Scenario("activation-of-another-process-is-told")]
    public async Task Sockets_meant_for_another_process_are_not_taken()
    {
        Site.Ini($"chdir = {Site.Directory}", "module = probe");

        var outcome = await LaunchOn(announce: "another", $"127.0.0.1:{Site.Port}").WaitForExitAsync();

        outcome.ShouldBeMistake(Messages.Word("no address to listen on"), Messages.Word("LISTEN_PID = 1"), Messages.Word("exec"));
    }

    private OneServeProcess Activate(params string[] addresses) => LaunchOn(announce: "this", addresses);

    /// <summary>Starts the server with sockets open from descriptor 3 on.</summary>
    private OneServeProcess LaunchOn(string announce, params string[] addresses)
    {
        string launcher = Site.Write("launch.py", Launcher);
        string count = announce.Length > 0 ? addresses.Length.ToString(CultureInfo.InvariantCulture) : "";
        return LaunchProgram(Interpreters.System, ["-SE", launcher, announce, count, Repository.Executable, "site.ini", .. addresses]);
    }

    private const string Launcher = """
        import os, socket, sys

        def opened(address):
            if address == "file":
                return open("/dev/null")
            if address == "datagram":
                return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            if "/" in address:
                listener = socket.socket(socket.AF_UNIX)
                listener.bind(address)
            else:
                host, _, port = address.rpartition(":")
                listener = socket.socket(socket.AF_INET6 if "[" in host else socket.AF_INET)
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if "[" in host:
                    listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
                listener.bind((host.strip("[]"), int(port)))
            listener.listen(64)
            return listener

        announce, count, program, ini, *addresses = sys.argv[1:]
        files = [opened(address) for address in addresses]
        # Above all targets first, so that none is overwritten before it has been passed on.
        lifted = [os.dup2(file.fileno(), 100 + number, inheritable=False) for number, file in enumerate(files)]
        for number, descriptor in enumerate(lifted):
            os.dup2(descriptor, 3 + number, inheritable=True)
        if announce:
            os.environ["LISTEN_FDS"] = count
            os.environ["LISTEN_PID"] = str(os.getpid()) if announce == "this" else "1"
            os.environ["LISTEN_FDNAMES"] = ":".join(["web"] * len(files))
        os.execv(program, [program, ini])
        """;
}
