using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

public sealed class PrivilegeScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private const int Nobody = 65534;
    private const int FirstUnprivilegedPort = 1024;

    /// <summary>
    /// As root: a port below 1024 is bound first, then everything but the master drops. As another user: one warning, and the server goes on.
    /// </summary>
    [Fact]
    [Scenario("privileges-are-dropped-after-binding")]
    public async Task Privileges_are_dropped_after_everything_is_bound()
    {
        int port = Signals.IsRoot ? Enumerable.Range(700, 300).Prepend(80).First(Ports.IsFree) : Site.Port;
        port.Should().BeLessThan(Signals.IsRoot ? FirstUnprivilegedPort : 65536);
        Site.Ini($"http = 127.0.0.1:{port}", $"chdir = {Site.Directory}", "module = probe", "uid = nobody", "gid = nogroup", "processes = 2", "vacuum = true");
        var server = Launch("site.ini");
        await server.WaitReadyAsync(TestSite.At(port));

        var process = (await RawHttp.GetAsync(TestSite.At(port), "/process")).Json();
        if (Signals.IsRoot)
        {
            process.GetProperty("uid").GetInt32().Should().Be(Nobody);
            process.GetProperty("euid").GetInt32().Should().Be(Nobody);
            process.GetProperty("gid").GetInt32().Should().Be(Nobody);
            process.GetProperty("groups").EnumerateArray().Select(group => group.GetInt32()).Should().NotContain(0, "root's groups are given up");
            await Poll.Until(() => server.Workers.Count == 2 && server.Processes.Count == 5, "master, gateway, prototype and both workers");
            UserOf(server.Pid).Should().Be(0, "the master keeps its own");
            server.Processes.Where(entry => entry.Pid != server.Pid).Select(entry => UserOf(entry.Pid)).Should().OnlyContain(user => user == Nobody);
        }
        else
        {
            var line = await server.WaitForLineAsync(new Regex(@"\buid\b"));
            Messages.PermissionDenied.IsMatch(line).Should().BeTrue(line);
        }
    }

    [Fact]
    [Scenario("unknown-user-is-a-mistake")]
    public async Task An_unknown_user_is_a_mistake()
    {
        Site.ProbeIni("uid = no-such-user-here");

        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 7), Messages.Word("no-such-user-here"));
    }

    [Fact]
    [Scenario("forbidden-address-is-a-mistake")]
    public async Task An_address_that_may_not_be_bound_is_a_mistake()
    {
        string closed = Path.GetDirectoryName(Site.Write("closed/placeholder", ""))!;
        File.SetUnixFileMode(closed, Signals.IsRoot ? UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute : UnixFileMode.None);
        Site.Ini($"http = {closed}/site.sock", $"chdir = {Site.Directory}", "module = probe");

        (await RunUnprivilegedAsync()).ShouldBeMistake(Messages.At("site.ini", 2), Messages.Word("site.sock"), Messages.PermissionDenied);

        // Container engines often set the kernel's limit to 0: then every user may bind port 80, and nothing is to be refused.
        if (int.Parse(await File.ReadAllTextAsync("/proc/sys/net/ipv4/ip_unprivileged_port_start")) > 80)
        {
            Site.Ini("http = 127.0.0.1:80", $"chdir = {Site.Directory}", "module = probe");
            (await RunUnprivilegedAsync()).ShouldBeMistake(Messages.At("site.ini", 2), Messages.Word(":80"), Messages.PermissionDenied);
        }

        File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    [Scenario("unreadable-static-directory-is-a-mistake")]
    public async Task A_static_directory_that_cannot_be_read_is_a_mistake()
    {
        string closed = Path.GetDirectoryName(Site.Write("closed/a.txt", "a"))!;
        File.SetUnixFileMode(closed, Signals.IsRoot ? UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute : UnixFileMode.None);
        Site.ProbeIni($"static-map = /static={closed}");

        (await RunUnprivilegedAsync()).ShouldBeMistake(Messages.At("site.ini", 7), Messages.Word(closed), Messages.PermissionDenied);

        File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    [Scenario("static-directory-closed-to-uid-is-a-mistake")]
    public async Task A_static_directory_closed_to_the_user_of_uid_is_a_mistake()
    {
        string closed = Path.GetDirectoryName(Site.Write("closed/a.txt", "a"))!;
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        File.SetUnixFileMode(closed, Signals.IsRoot ? Private : UnixFileMode.None);
        Site.ProbeIni("uid = nobody", $"static-map = /static={closed}");

        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 8), Messages.Word(closed), Messages.PermissionDenied);

        File.SetUnixFileMode(closed, Private | UnixFileMode.OtherExecute);
        var server = await StartAsync("site.ini");
        (await server.GetAsync("/static/a.txt")).Text.Should().Be("a", "who may enter a directory may be served from it");

        File.SetUnixFileMode(closed, Signals.IsRoot ? Private : UnixFileMode.None);
        server.Send(Signal.Hup);
        await server.WaitForLineAsync(Messages.ReloadFailed);
        (await server.GetAsync("/hello")).Status.Should().Be(200, "what runs goes on");
        File.SetUnixFileMode(closed, Private);
    }

    /// <summary>Runs a copy of the executable to its end as a user without privileges: `nobody` when the tests run as root.</summary>
    private async Task<Outcome> RunUnprivilegedAsync()
    {
        if (!Signals.IsRoot)
        {
            return await RunAsync("site.ini");
        }

        // Not written by this process: what another test starts at the same time would hold it open for writing until its execve (ETXTBSY).
        string copy = Site.PathOf("oneserve");
        Interpreters.Run("/bin/cp", Repository.Executable, copy);
        return await LaunchProgram("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--", copy, "site.ini").WaitForExitAsync();
    }

    private static int UserOf(int pid) => int.Parse(
        File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2]);
}
