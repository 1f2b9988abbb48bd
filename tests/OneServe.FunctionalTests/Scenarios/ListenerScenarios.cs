using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

public sealed class ListenerScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Theory]
    [Scenario("unix-socket-with-its-mode")]
    [InlineData("666", "rw-rw-rw-")]
    [InlineData("660", "rw-rw----")]
    public async Task A_unix_socket_has_the_mode_asked_for_and_goes_at_the_end(string mode, string expected)
    {
        Site.Ini("http-socket = site.sock", $"chdir = {Site.Directory}", "module = probe", "vacuum = true", $"chmod-socket = {mode}");
        var server = Launch("site.ini");
        var socket = Site.UnixEndPoint("site.sock");
        await server.WaitReadyAsync(socket);

        (await RawHttp.GetAsync(socket, "/hello")).Text.Should().Be("Hello, world!");
        Describe(File.GetUnixFileMode(Site.PathOf("site.sock"))).Should().Be(expected);

        await server.StopAsync();
        File.Exists(Site.PathOf("site.sock")).Should().BeFalse("vacuum removes it");
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

        outcome.ShouldBeMistake(Messages.At("site.ini", 2), Messages.Word("site.sock"), Messages.AddressInUse);
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

    private static string Describe(UnixFileMode mode) => string.Concat(Enumerable.Range(0, 9).Select(
        bit => ((int)mode & (1 << (8 - bit))) != 0 ? "rwx"[bit % 3] : '-'));
}
