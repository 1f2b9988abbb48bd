using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

public sealed class ListenerScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Theory]
    [Scenario("unix-socket-with-its-mode")]
    [InlineData("chmod-socket = 666", "rw-rw-rw-")]
    [InlineData("chmod-socket = 660", "rw-rw----")]
    [InlineData("chmod-socket", "rw-rw-rw-")]
    public async Task A_unix_socket_has_the_mode_asked_for_and_goes_at_the_end(string line, string expected)
    {
        Site.Ini("http-socket = site.sock", $"chdir = {Site.Directory}", "module = probe", "vacuum = true", line);
        var server = Launch("site.ini");
        var socket = Site.UnixEndPoint("site.sock");
        await server.WaitReadyAsync(socket);

        (await RawHttp.GetAsync(socket, "/hello")).Text.Should().Be("Hello, world!");
        Describe(File.GetUnixFileMode(Site.PathOf("site.sock"))).Should().Be(expected);

        await server.StopAsync();
        File.Exists(Site.PathOf("site.sock")).Should().BeFalse("vacuum removes it");
    }

    /// <summary>As root it is somebody else's; another user may name himself.</summary>
    [Fact]
    [Scenario("unix-socket-with-its-owner")]
    public async Task A_unix_socket_has_the_owner_asked_for()
    {
        string user = Signals.IsRoot ? "nobody" : Interpreters.Run("/usr/bin/id", "-un").Trim();
        string group = Interpreters.Run("/usr/bin/id", "-gn", user).Trim();
        Site.Ini("http = site.sock", $"chdir = {Site.Directory}", "module = probe", "vacuum = true", $"chown-socket = {user}:{group}", "chmod-socket = 600");
        var server = Launch("site.ini");
        await server.WaitReadyAsync(Site.UnixEndPoint("site.sock"));

        Interpreters.Run("/usr/bin/stat", "--format=%U:%G:%a", Site.PathOf("site.sock")).Trim().Should().Be($"{user}:{group}:600");
    }

    [Theory]
    [Scenario("unknown-socket-owner-is-a-mistake")]
    [InlineData("no-such-user-here", "no user no-such-user-here")]
    [InlineData("root:no-such-group-here", "no group no-such-group-here")]
    public async Task An_unknown_owner_of_a_socket_is_a_mistake(string owner, string cause)
    {
        Site.Ini("http = site.sock", $"chdir = {Site.Directory}", "module = probe", $"chown-socket = {owner}");

        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 5), Messages.Word($"chown-socket = {owner}"), Messages.Word(cause));

        File.Exists(Site.PathOf("site.sock")).Should().BeFalse("nothing is left of a start that failed");
    }

    [Theory]
    [Scenario("forms-of-an-address")]
    [InlineData(":{0}", "127.0.0.1")]
    [InlineData("*:{0}", "127.0.0.1")]
    [InlineData("0.0.0.0:{0}", "127.0.0.1")]
    [InlineData("localhost:{0}", "127.0.0.1")]
    [InlineData("[::1]:{0}", "::1")]
    [InlineData("[::]:{0}", "127.0.0.1")]
    [InlineData("[::]:{0}", "::1")]
    public async Task Every_form_of_an_address_is_listened_on(string form, string client)
    {
        Site.Ini($"http = {string.Format(CultureInfo.InvariantCulture, form, Site.Port)}", $"chdir = {Site.Directory}", "module = probe");
        var server = Launch("site.ini");
        var endpoint = new IPEndPoint(IPAddress.Parse(client), Site.Port);
        await server.WaitReadyAsync(endpoint);

        var variables = (await RawHttp.GetAsync(endpoint, "/environ")).Json();

        variables.GetProperty("REMOTE_ADDR").GetString().Should().Be(client);
        variables.GetProperty("SERVER_PORT").GetString().Should().Be($"{Site.Port}");
    }

    [Fact]
    [Scenario("abstract-socket")]
    public async Task An_abstract_name_is_listened_on()
    {
        string name = $"oneserve-test-{Site.Port}";
        Site.Ini($"http = @{name}", $"chdir = {Site.Directory}", "module = probe");
        var server = Launch("site.ini");
        var endpoint = new UnixDomainSocketEndPoint("\0" + name);
        await server.WaitReadyAsync(endpoint);

        (await RawHttp.GetAsync(endpoint, "/hello")).Text.Should().Be("Hello, world!");
    }

    [Fact]
    [Scenario("several-listeners")]
    public async Task Several_listeners_serve_one_application()
    {
        int second = Ports.Next();
        Site.ProbeIni(string.Create(CultureInfo.InvariantCulture, $"http = :{second}"), "http-socket = site.sock");

        var server = await StartAsync("site.ini");

        foreach (var endpoint in new[] { Site.EndPoint, TestSite.At(second), Site.UnixEndPoint("site.sock") })
        {
            (await RawHttp.GetAsync(endpoint, "/hello")).Text.Should().Be("Hello, world!");
        }

        await server.StopAsync();
        OneServeProcess.CanConnect(TestSite.At(second)).Should().BeFalse();
    }

    [Fact]
    [Scenario("port-zero-is-chosen-and-told")]
    public async Task Port_zero_is_chosen_by_the_kernel_and_told()
    {
        Site.Ini("http = 127.0.0.1:0", $"chdir = {Site.Directory}", "module = probe");

        var server = Launch("site.ini");
        var told = new Regex(@"127\.0\.0\.1:(\d+)");
        var line = await server.WaitForLineAsync(new Regex(@"127\.0\.0\.1:[1-9]\d*"));

        int port = int.Parse(told.Match(line).Groups[1].Value, CultureInfo.InvariantCulture);
        (await RawHttp.GetAsync(TestSite.At(port), "/hello")).Text.Should().Be("Hello, world!");
    }

    [Fact]
    [Scenario("chosen-port-is-kept-over-a-reload")]
    public async Task A_port_that_was_chosen_is_kept_over_a_reload()
    {
        string[] lines = ["http = 127.0.0.1:0", $"chdir = {Site.Directory}", "module = probe"];
        Site.Ini(lines);
        var server = Launch("site.ini");
        int port = PortOf(await server.WaitForLineAsync(new Regex(@"listening +http://127\.0\.0\.1:[1-9]\d*")));

        Site.Ini([.. lines, "http = localhost:0"]);
        server.Send(Signal.Hup);
        int second = PortOf(await server.WaitForLineAsync(new Regex(@"Listening.*http://localhost:[1-9]\d*")));
        await server.WaitForLineAsync(Messages.Reloaded);

        second.Should().NotBe(port);
        (await RawHttp.GetAsync(TestSite.At(port), "/hello")).Text.Should().Be("Hello, world!");
        (await RawHttp.GetAsync(TestSite.At(second), "/hello")).Text.Should().Be("Hello, world!");
    }

    [Fact]
    [Scenario("same-address-in-other-words")]
    public async Task An_address_that_a_reload_only_words_otherwise_is_left_alone()
    {
        Site.ProbeIni();
        var server = await StartAsync("site.ini");
        await using var connection = await server.ConnectAsync();

        Site.Ini($"http-socket = localhost:{Site.Port}", $"chdir = {Site.Directory}", "module = probe", "vacuum = true");
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.Reloaded);

        (await connection.RequestAsync("GET", "/hello")).Text.Should().Be("Hello, world!");
        (await server.GetAsync("/hello")).Text.Should().Be("Hello, world!");
        server.Log.Lines.Should().NotContain(line => line.Contains("istening, too") || line.Contains("Not listening"));
    }

    [Fact]
    [Scenario("overlapping-addresses-are-a-mistake")]
    public async Task Addresses_that_overlap_are_a_mistake()
    {
        Site.ProbeIni($"http = [::]:{Site.Port}");

        (await RunAsync("site.ini")).ShouldBeMistake(
            Messages.At("site.ini", 7), Messages.Word($"http = [::]:{Site.Port}"), Messages.At("site.ini", 2), Messages.Word("overlap"));
    }

    [Fact]
    [Scenario("shared-port")]
    public async Task Two_servers_that_say_so_share_a_port()
    {
        Site.ProbeIni("reuse-port = true");
        var first = await StartAsync("site.ini");
        var second = Launch("site.ini");
        await second.WaitForLineAsync(Messages.Ready);

        await first.StopAsync(isPortShared: true);

        (await second.GetAsync("/hello")).Text.Should().Be("Hello, world!");
    }

    [Fact]
    [Scenario("backlog-that-the-kernel-cuts-is-told")]
    public async Task A_backlog_that_the_kernel_cuts_is_told_once()
    {
        string limit = (await File.ReadAllTextAsync("/proc/sys/net/core/somaxconn")).Trim();
        Site.ProbeIni("listen = 2000000000");
        var server = await StartAsync("site.ini");

        await server.WaitForLineAsync(new Regex($@"site\.ini:7: listen = 2000000000: the kernel lets {limit} "));
        server.Log.Lines.Count(line => line.Contains("somaxconn")).Should().Be(1);
    }

    [Theory]
    [Scenario("keep-alive-probes")]
    [InlineData("so-keepalive = true", true)]
    [InlineData("so-keepalive = false", false)]
    public async Task Silent_clients_are_probed(string line, bool probed)
    {
        Site.ProbeIni(line);
        var server = await StartAsync("site.ini");
        await using var connection = await server.ConnectAsync();
        await connection.RequestAsync("GET", "/hello");

        // The timer of an established connection that has nothing to send: 02 is the keep-alive's (proc_net_tcp).
        await Poll.Until(() => ServersEnds().Any(fields => fields[5].StartsWith("02:") == probed), "the server's end has that timer");

        IEnumerable<string[]> ServersEnds() => File.ReadLines("/proc/net/tcp").Skip(1)
            .Select(entry => entry.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[1] == $"0100007F:{Site.Port:X4}" && fields[3] == "01");
    }

    [Fact]
    [Scenario("port-in-use-is-a-mistake")]
    public async Task A_port_in_use_is_a_mistake()
    {
        Site.ProbeIni();
        var first = await StartAsync("site.ini");

        var outcome = await Launch("site.ini").WaitForExitAsync();

        outcome.ShouldBeMistake(Messages.At("site.ini", 2), Messages.Word($"127.0.0.1:{Site.Port}"), Messages.AddressInUse);
        (await first.GetAsync("/hello")).Status.Should().Be(200, "the first server goes on");
        await first.StopAsync();
    }

    [Fact]
    [Scenario("live-socket-is-not-stolen")]
    public async Task A_socket_on_which_another_server_listens_is_not_stolen()
    {
        Site.Ini("http = site.sock", $"chdir = {Site.Directory}", "module = probe", "vacuum = true");
        var first = Launch("site.ini");
        var socket = Site.UnixEndPoint("site.sock");
        await first.WaitReadyAsync(socket);

        var outcome = await Launch("site.ini").WaitForExitAsync();

        outcome.ShouldBeMistake(Messages.At("site.ini", 2), Messages.Word("site.sock"), Messages.AddressInUse, Messages.Word($"(pid {first.Pid})"));
        (await RawHttp.GetAsync(socket, "/hello")).Status.Should().Be(200, "the socket is still the first server's");
    }

    [Fact]
    [Scenario("strangers-socket-is-not-stolen")]
    public async Task A_socket_of_another_program_is_not_stolen()
    {
        using var stranger = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        stranger.Bind(Site.UnixEndPoint("site.sock"));
        stranger.Listen(4);
        Site.Ini("http = site.sock", $"chdir = {Site.Directory}", "module = probe", "vacuum = true");

        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 2), Messages.Word("site.sock"), Messages.AddressInUse);

        OneServeProcess.CanConnect(Site.UnixEndPoint("site.sock")).Should().BeTrue("it is still the stranger's, and still there");
    }

    [Fact]
    [Scenario("file-in-the-sockets-place-is-kept")]
    public async Task A_file_in_the_place_of_a_socket_is_kept()
    {
        string path = Site.Write("notes.sock", "somebody's notes");
        Site.Ini("http = notes.sock", $"chdir = {Site.Directory}", "module = probe", "vacuum = true");

        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 2), Messages.Word("notes.sock"));

        (await File.ReadAllTextAsync(path)).Should().Be("somebody's notes");
    }

    [Fact]
    [Scenario("socket-stays-without-vacuum")]
    public async Task Without_vacuum_the_socket_stays_and_the_next_start_takes_it()
    {
        Site.Ini("http = site.sock", $"chdir = {Site.Directory}", "module = probe");
        var socket = Site.UnixEndPoint("site.sock");
        for (int start = 0; start < 2; start++)
        {
            var server = Launch("site.ini");
            await server.WaitReadyAsync(socket);
            await server.StopAsync();
            File.Exists(Site.PathOf("site.sock")).Should().BeTrue("only `vacuum` removes it");
        }
    }

    [Fact]
    [Scenario("pidfile-in-use-is-a-mistake")]
    public async Task A_pidfile_of_a_running_server_is_a_mistake()
    {
        Site.ProbeIni("pidfile = site.pid");
        var first = await StartAsync("site.ini");
        Site.Write("second.ini", $"[uwsgi]\nhttp = 127.0.0.1:{Ports.Next()}\nchdir = {Site.Directory}\nmodule = probe\npidfile = site.pid\n");

        var outcome = await RunAsync("second.ini");

        outcome.ShouldBeMistake(Messages.At("second.ini", 5), Messages.Word("site.pid"), Messages.Word($"{first.Pid}"));
        (await File.ReadAllTextAsync(Site.PathOf("site.pid"))).Trim().Should().Be($"{first.Pid}");
        await first.StopAsync();
    }

    private static int PortOf(string line) => int.Parse(line[(line.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);

    private static string Describe(UnixFileMode mode) => string.Concat(Enumerable.Range(0, 9).Select(
        bit => ((int)mode & (1 << (8 - bit))) != 0 ? "rwx"[bit % 3] : '-'));
}
