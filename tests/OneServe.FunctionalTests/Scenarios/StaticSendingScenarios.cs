using System.Diagnostics;
using System.Globalization;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>Files on their way: while they change, while clients are slow, while the workers are stuck, and when they come from the disk.</summary>
public sealed class StaticSendingScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    /// <summary>More than the socket buffers of both sides hold.</summary>
    private const int Large = 40_000_000;

    [Theory]
    [Scenario("file-replaced-while-it-is-sent")]
    [InlineData("replaced")]
    [InlineData("deleted")]
    public async Task A_file_replaced_or_deleted_while_it_is_sent_arrives_as_it_was(string change)
    {
        string path = Site.Write("static/film.mp4", Filled(1));
        var server = await StartStaticAsync();
        await using var slow = await BeginAsync(server);

        if (change == "replaced")
            File.Move(Site.Write("next.mp4", Filled(2)), path, overwrite: true);
        else
            File.Delete(path);
        await Poll.Until(
            async () => (await server.GetAsync("/static/film.mp4", "Range: bytes=0-0")) is var now && (change == "replaced" ? now.Body[0] == 2 : now.Status == 404),
            "the change is seen by others");

        var old = await slow.ReceiveAsync();
        old.Complete.Should().BeTrue();
        old.Body.AsSpan().SequenceEqual(Filled(1)).Should().BeTrue();
    }

    [Theory]
    [Scenario("file-written-in-place-while-it-is-sent")]
    [InlineData("overwritten")]
    [InlineData("truncated")]
    [InlineData("appended")]
    public async Task A_file_written_in_place_while_it_is_sent_ends_the_connection(string change)
    {
        string path = Site.Write("static/film.mp4", Filled(1));
        var server = await StartStaticAsync();
        await using var slow = await BeginAsync(server);
        await Poll.Until(() => slow.IsStill(TimeSpan.FromMilliseconds(100)), "the socket's buffers are full");

        using (var file = new FileStream(path, change == "appended" ? FileMode.Append : FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            if (change == "truncated")
                file.SetLength(Large / 2);
            else
                file.Write(Filled(2).AsSpan(0, 1000));
        }

        var cut = await slow.ReceiveAsync();
        cut.Complete.Should().BeFalse("half of the one and half of the other would be neither");
        await Poll.Until(async () => (await server.GetAsync("/static/film.mp4", "Range: bytes=0-0")).Status == 206, "the file as it is now is served");
    }

    [Fact]
    [Scenario("static-while-every-worker-is-stuck")]
    public async Task Files_are_served_while_every_worker_is_stuck()
    {
        Site.Write("static/a.css", "a");
        Site.Write("static/large.bin", new byte[1_000_000]);
        Site.ProbeIni("static-map = /static=static", "processes = 2", "worker-reload-mercy = 1");
        var server = await StartAsync("site.ini");
        List<RawHttp> stuck = [];
        for (int i = 0; i < 4; i++)
        {
            stuck.Add(await server.ConnectAsync());
            await stuck[i].SendAsync("GET /spin HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        await Poll.Until(() => File.Exists(Site.PathOf("spinning")), "a worker spins");

        for (int i = 0; i < 50; i++)
        {
            (await server.GetAsync("/static/a.css")).Text.Should().Be("a");
            (await server.GetAsync("/static/large.bin")).Body.Length.Should().Be(1_000_000);
        }
        foreach (var connection in stuck)
            await connection.DisposeAsync();
    }

    [Fact]
    [Scenario("slow-clients-cost-no-memory")]
    public async Task Clients_that_do_not_read_cost_no_memory_and_hold_nobody_up()
    {
        Site.Write("static/film.mp4", Filled(1));
        Site.Write("static/a.css", "a");
        var server = await StartStaticAsync();
        for (int i = 0; i < 20; i++)
            await server.GetAsync("/static/a.css");
        long before = ResidentKilobytes(server.Gateway.Pid);

        List<RawHttp> slow = [];
        for (int i = 0; i < 50; i++)
            slow.Add(await BeginAsync(server));
        for (int i = 0; i < 100; i++)
            (await server.GetAsync("/static/a.css")).Text.Should().Be("a");

        (ResidentKilobytes(server.Gateway.Pid) - before).Should().BeLessThan(20_000, "kilobytes for 50 files of 40 MB on their way");
        foreach (var connection in slow)
            await connection.DisposeAsync();
    }

    [Fact]
    [Scenario("descriptors-of-files-are-bounded")]
    public async Task The_descriptors_of_large_files_are_bounded()
    {
        const int files = 400;
        const int bound = 256;
        for (int i = 0; i < files; i++)
            Site.Write($"static/{i}.bin", new byte[70_000]);
        var server = await StartStaticAsync();
        int pid = server.Gateway.Pid;
        int before = Directory.GetFileSystemEntries($"/proc/{pid}/fd").Length;
        await using var connection = await server.ConnectAsync();
        for (int i = 0; i < files; i++)
            (await connection.RequestAsync("GET", $"/static/{i}.bin")).Body.Length.Should().Be(70_000);

        (Directory.GetFileSystemEntries($"/proc/{pid}/fd").Length - before).Should().BeInRange(bound - 16, bound + 16);
    }

    [Fact]
    [Scenario("files-without-descriptors-are-503")]
    public async Task A_file_that_cannot_be_opened_for_want_of_descriptors_is_not_missing()
    {
        Site.Write("static/a.txt", "a");
        Site.ProbeIni("static-map = /static=static", "static-404 = /static");
        var server = await StartAsync("site.ini");
        await using var connection = await server.ConnectAsync();
        (await connection.RequestAsync("GET", "/static/none.txt")).Status.Should().Be(404);

        await LimitAsync(server.Gateway.Pid, "1"); // below all that are open
        var none = await connection.RequestAsync("GET", "/static/a.txt");
        (await connection.RequestAsync("GET", "/static/missing.txt")).Status.Should().Be(404, "to know this takes none");
        await LimitAsync(server.Gateway.Pid, "256");

        (none.Status, none["Retry-After"]).Should().Be((503, "1"));
        (await connection.RequestAsync("GET", "/static/a.txt")).Text.Should().Be("a");
    }

    [Theory]
    [Scenario("cold-files-arrive-whole")]
    [InlineData(1_000)]
    [InlineData(60_000)]
    [InlineData(5_000_000)]
    public async Task Files_that_come_from_the_disk_arrive_whole(int size)
    {
        const int files = 8;
        byte[] bytes = new byte[size];
        Random.Shared.NextBytes(bytes);
        for (int i = 0; i < files; i++)
            PageCache.Drop(Site.Write($"static/{i}.bin", bytes));
        var server = await StartStaticAsync();

        await Task.WhenAll(Enumerable.Range(0, 3 * files).Select(async i =>
        {
            var reply = await server.GetAsync($"/static/{i % files}.bin");
            reply.Complete.Should().BeTrue();
            reply.Body.AsSpan().SequenceEqual(bytes).Should().BeTrue();
        }));
        (await server.GetAsync("/static/none.bin")).Text.Should().Be("no probe at /static/none.bin");
    }

    private static async Task LimitAsync(int pid, string files)
    {
        using var limit = Process.Start("prlimit", $"--pid={pid} --nofile={files}:");
        await limit.WaitForExitAsync();
        limit.ExitCode.Should().Be(0);
    }

    private static byte[] Filled(byte value)
    {
        byte[] bytes = new byte[Large];
        bytes.AsSpan().Fill(value);
        return bytes;
    }

    private static long ResidentKilobytes(int pid) => long.Parse(
        File.ReadLines($"/proc/{pid}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))[6..].Trim().Split(' ')[0],
        CultureInfo.InvariantCulture);

    /// <summary>Asks for the film and reads nothing of it yet.</summary>
    private static async Task<RawHttp> BeginAsync(OneServeProcess server)
    {
        var connection = await server.ConnectAsync();
        await connection.SendAsync("GET /static/film.mp4 HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await connection.WaitForBytesAsync();
        return connection;
    }

    private async Task<OneServeProcess> StartStaticAsync()
    {
        Site.ProbeIni("static-map = /static=static");
        return await StartAsync("site.ini");
    }
}
