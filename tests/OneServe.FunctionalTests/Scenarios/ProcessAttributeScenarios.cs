using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>Titles, masks, limits and pidfiles of the server's processes.</summary>
public sealed class ProcessAttributeScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Fact]
    [Scenario("titles-of-processes")]
    public async Task Processes_have_the_titles_asked_for()
    {
        Site.ProbeIni("processes = 2", "auto-procname = true", "procname-prefix-spaced = [a shop with a long name]", "procname-append = (live)");
        var server = await StartAsync("site.ini");

        string[] roles = ["master", "gateway", "prototype", "worker 1", "worker 2"];
        await Poll.Until(
            () => server.Processes.Select(entry => entry.Title).Order().SequenceEqual(
                roles.Select(role => $"[a shop with a long name] oneserve: {role}(live)").Order()),
            "all five have their titles");
        (await server.StopAsync()).ExitCode.Should().Be(0);

        Site.ProbeIni("procname = shop", "procname-master = the shop's master, whose title is longer than its command line");
        var named = await StartAsync("site.ini");
        ProcessTable.Read(named.Pid)!.Title.Should().Be("the shop's master, whose title is longer than its command line");
        await Poll.Until(() => named.Processes.Count(entry => entry.Title == "shop") == 3, "gateway, prototype and worker have their title");
    }

    [Fact]
    [Scenario("umask-holds-for-all")]
    public async Task The_mask_holds_for_commands_the_application_and_sockets()
    {
        Site.Write("masked.py", "open('imported', 'w').close()\nfrom probe import application\n");
        Site.Ini(Site.Http, "http = site.sock", $"chdir = {Site.Directory}", "module = masked", "umask = 077", "exec-asap = touch touched");
        var server = await StartAsync("site.ini");

        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.GetUnixFileMode(Site.PathOf("touched")).Should().Be(Own);
        File.GetUnixFileMode(Site.PathOf("imported")).Should().Be(Own);
        File.GetUnixFileMode(Site.PathOf("site.sock")).Should().Be(Own | UnixFileMode.UserExecute);

        (await server.StopAsync()).ExitCode.Should().Be(0);

        Site.ProbeIni("umask = 9");
        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 7), Messages.Word("umask = 022"));
    }

    [Fact]
    [Scenario("address-space-is-limited")]
    public async Task The_address_space_of_Python_is_limited()
    {
        Site.Write("greedy.py", """
            import resource
            def application(environ, start_response):
                start_response("200 OK", [("Content-Type", "text/plain")])
                try:
                    bytearray(500 << 20)
                except MemoryError:
                    return [b"%d MiB are enough" % (resource.getrlimit(resource.RLIMIT_AS)[0] >> 20)]
                return [b"no limit"]
            """);
        Site.ProbeIni("module = greedy", "limit-as = 400");
        var server = await StartAsync("site.ini");

        (await server.GetAsync("/")).Text.Should().Be("400 MiB are enough");
        File.ReadLines($"/proc/{server.Gateway.Pid}/limits").Single(line => line.StartsWith("Max address space", StringComparison.Ordinal))
            .Should().Contain("unlimited", "it is for Python alone");
        (await server.StopAsync()).ExitCode.Should().Be(0);

        Site.ProbeIni("limit-as = 5");
        (await RunAsync("site.ini")).ShouldBeApplicationMistake(Messages.Word("`limit-as` leaves it 5 MiB"));
    }

    [Fact]
    [Scenario("workers-are-bound-to-cpus")]
    public async Task Workers_are_bound_to_CPUs_in_turn()
    {
        Site.ProbeIni("processes = 3", "cpu-affinity = 1");
        var server = await StartAsync("site.ini");
        int[] workers = await server.WorkersAsync(3);
        int[] cpus = Cpus(server.Pid);

        await Poll.Until(() => workers.All(worker => Cpus(worker).Length == 1), "each worker has one CPU");
        workers.Select(worker => Cpus(worker).Single()).Should().Equal(Enumerable.Range(0, 3).Select(worker => cpus[worker % cpus.Length]));
        Cpus(server.Gateway.Pid).Should().Equal(cpus, "the gateway is not bound");
    }

    [Fact]
    [Scenario("pidfiles-at-their-time")]
    public async Task Pidfiles_are_written_at_their_time_for_their_user_and_removed()
    {
        string[] files = ["a.pid", "b.pid", "c.pid", "d.pid"];
        Site.WriteGatedApp();
        Site.Ini(
            Site.Http, $"chdir = {Site.Directory}", "module = gated", "uid = nobody", "gid = nogroup", "exec-pre-app = touch importing",
            "pidfile = a.pid", "pidfile2 = b.pid", "safe-pidfile = c.pid", "safe-pidfile2 = d.pid", "exec-asap = chmod 777 .");
        var server = Launch("site.ini");
        await Site.WaitImportingAsync();
        files.Where(file => File.Exists(Site.PathOf(file))).Should().Equal("a.pid", "b.pid");
        Site.OpenGate();
        await server.WaitForLineAsync(Messages.Ready);

        foreach (string file in files)
        {
            File.ReadAllText(Site.PathOf(file)).Should().Be($"{server.Pid}\n");
        }

        (await server.StopAsync()).ExitCode.Should().Be(0);
        files.Where(file => File.Exists(Site.PathOf(file))).Should().BeEmpty();

        Site.ProbeIni("safe-pidfile = no/such/directory.pid");
        (await RunAsync("site.ini")).ShouldBeMistake(Messages.At("site.ini", 7), Messages.Word("No such file"));
    }

    private static int[] Cpus(int pid)
    {
        string list = File.ReadLines($"/proc/{pid}/status").Single(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal)).Split('\t')[1];
        return [.. list.Split(',').Select(range => range.Split('-').Select(int.Parse).ToArray()).SelectMany(ends => Enumerable.Range(ends[0], ends[^1] - ends[0] + 1))];
    }
}
