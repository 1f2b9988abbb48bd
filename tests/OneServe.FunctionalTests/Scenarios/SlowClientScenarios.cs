using System.Globalization;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>Clients that take or send slowly: they cost a file, never a worker and never memory.</summary>
public sealed class SlowClientScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private const int MiB = 1024 * 1024;

    [Fact]
    [Scenario("slow-readers-hold-no-worker")]
    public async Task Slow_readers_hold_no_worker()
    {
        var server = await StartCornersAsync();
        var readers = new List<RawHttp>();
        try
        {
            // The one worker has produced all of the answers although nobody has read any of them.
            for (int i = 1; i <= 4; i++)
            {
                var reader = await server.ConnectAsync();
                readers.Add(reader);
                await reader.SendAsync($"GET /whole?mb=25{(i % 2 == 0 ? "&length=1" : "")} HTTP/1.1\r\nHost: a\r\n\r\n");
                await ProducedAsync(i);
            }

            (await server.GetAsync("/pid")).Status.Should().Be(200);
            Rss(server.Gateway.Pid).Should().BeLessThan(60 * MiB, "what is not taken lies in a file");
            Rss(server.Workers.Single().Pid).Should().BeLessThan(60 * MiB);
            foreach (var reader in readers)
            {
                var reply = await reader.ReceiveAsync();
                reply.Complete.Should().BeTrue();
                IsPattern(reply.Body, 25 * MiB).Should().BeTrue("every byte is in its place");
                (await reader.RequestAsync("GET", "/pid")).Status.Should().Be(200, "the connection goes on");
            }
        }
        finally
        {
            foreach (var reader in readers)
            {
                await reader.DisposeAsync();
            }
        }
    }

    [Fact]
    [Scenario("slow-reader-of-a-file-holds-no-slot")]
    public async Task A_slow_reader_of_a_file_does_not_hold_up_the_next_answer()
    {
        var server = await StartCornersAsync();
        Site.Write("file.bin", Pattern(40 * MiB));
        await using var slow = await server.ConnectAsync();
        await slow.SendAsync("GET /file?kind=plain HTTP/1.1\r\nHost: a\r\n\r\n");
        await slow.ReceiveHeadAsync();

        // Each of these answers takes the same link from the same worker.
        for (int i = 0; i < 3; i++)
        {
            (await server.GetAsync("/whole?mb=1")).Body.Should().HaveCount(MiB);
        }
    }

    [Fact]
    [Scenario("bound-of-kept-answers-holds-the-worker")]
    public async Task At_the_bound_the_worker_waits_and_nothing_is_lost()
    {
        var server = await StartCornersAsync("response-buffer-limit = 3000000", "processes = 2");
        await using var slow = await server.ConnectAsync();
        await slow.SendAsync("GET /whole?mb=40 HTTP/1.1\r\nHost: a\r\n\r\n");
        await slow.ReceiveHeadAsync();
        (await server.GetAsync("/pid")).Status.Should().Be(200);
        File.Exists(Site.PathOf("produced")).Should().BeFalse("the worker may be ahead of its client by 3 MB, not by 40");

        byte[]? chunk;
        using var body = new MemoryStream();
        while ((chunk = await slow.ReceiveChunkAsync()) is { Length: > 0 })
        {
            body.Write(chunk);
        }

        chunk.Should().NotBeNull();
        IsPattern(body.ToArray(), 40 * MiB).Should().BeTrue();
        await ProducedAsync(1);
    }

    [Fact]
    [Scenario("slow-reader-that-leaves-frees-its-file")]
    public async Task A_slow_reader_that_leaves_frees_what_was_kept()
    {
        var server = await StartCornersAsync();
        await using (var slow = await server.ConnectAsync())
        {
            await slow.SendAsync("GET /whole?mb=20 HTTP/1.1\r\nHost: a\r\n\r\n");
            await ProducedAsync(1);
            TemporaryFiles(server).Should().Be(1);
            slow.Reset();
        }

        await Poll.Until(() => TemporaryFiles(server) == 0, "the file has gone");
        (await server.GetAsync("/pid")).Status.Should().Be(200);
    }

    [Fact]
    [Scenario("abort-behind-a-slow-reader-cuts")]
    public async Task An_application_that_fails_behind_a_slow_reader_cuts_the_connection_after_what_came()
    {
        var server = await StartCornersAsync();
        Site.Write("late.py", """
            def application(environ, start_response):
                start_response("200 OK", [("Content-Type", "text/plain")])
                if environ["PATH_INFO"] != "/late":
                    return [b"ready"]

                def blocks():
                    for _ in range(200):
                        yield b"x" * 65536
                    open("failed", "w").close()
                    raise RuntimeError("late on purpose")

                return blocks()
            """);
        await server.StopAsync();
        Site.Ini(Site.Http, $"chdir = {Site.Directory}", "module = late");
        server = await StartAsync("site.ini");
        await using var slow = await server.ConnectAsync();
        await slow.SendAsync("GET /late HTTP/1.1\r\nHost: a\r\n\r\n");
        await Poll.Until(() => File.Exists(Site.PathOf("failed")), "the application has failed");

        var reply = await slow.ReceiveAsync();

        reply.Complete.Should().BeFalse("nobody may take it for the whole");
        // What the connection itself still held goes with it.
        reply.Body.Length.Should().BeInRange(197 * 65536, 200 * 65536);
    }

    [Fact]
    [Scenario("hundred-megabytes-leave-memory-flat")]
    public async Task A_hundred_megabytes_each_way_leave_memory_flat()
    {
        var server = await StartCornersAsync();
        await server.GetAsync("/whole?mb=8");
        await server.PostAsync("/received", new byte[1000]);
        long gateway = Rss(server.Gateway.Pid);
        long worker = Rss(server.Workers.Single().Pid);

        (await server.GetAsync("/whole?mb=100")).Body.Should().HaveCount(100 * MiB);
        Rss(server.Gateway.Pid).Should().BeLessThan(gateway + (32 * MiB));
        Rss(server.Workers.Single().Pid).Should().BeLessThan(worker + (8 * MiB));

        Site.Write("reader.py", """
            def application(environ, start_response):
                size, stream = 0, environ["wsgi.input"]
                for block in iter(lambda: stream.read(65536), b""):
                    size += len(block)
                body = b"%d" % size
                start_response("200 OK", [("Content-Length", str(len(body)))])
                return [body]
            """);
        await server.StopAsync();
        Site.Ini(Site.Http, $"chdir = {Site.Directory}", "module = reader");
        server = await StartAsync("site.ini");
        gateway = Rss(server.Gateway.Pid);
        worker = Rss(server.Workers.Single().Pid);
        (await server.PostAsync("/", new byte[100 * MiB])).Text.Should().Be((100 * MiB).ToString(CultureInfo.InvariantCulture));
        Rss(server.Gateway.Pid).Should().BeLessThan(gateway + (32 * MiB));
        Rss(server.Workers.Single().Pid).Should().BeLessThan(worker + (8 * MiB));
    }

    [Fact]
    [Scenario("slow-uploads-hold-no-worker")]
    public async Task Slow_uploads_and_idle_connections_hold_no_worker()
    {
        var server = await StartCornersAsync();
        var uploads = new List<RawHttp>();
        try
        {
            for (int i = 0; i < 20; i++)
            {
                var upload = await server.ConnectAsync();
                uploads.Add(upload);
                await upload.SendAsync(i % 2 == 0 ? "" : "POST /received HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345");
            }

            (await server.GetAsync("/pid")).Status.Should().Be(200, "the one worker is free");
            await uploads[1].SendAsync("67890");
            (await uploads[1].ReceiveAsync()).Text.Should().Be("10 10");
        }
        finally
        {
            foreach (var upload in uploads)
            {
                await upload.DisposeAsync();
            }
        }
    }

    private static byte[] Pattern(int size)
    {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++)
        {
            bytes[i] = (byte)i;
        }

        return bytes;
    }

    private static bool IsPattern(byte[] bytes, int size)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != (byte)i)
            {
                return false;
            }
        }

        return bytes.Length == size;
    }

    /// <summary>Bytes of memory that a process has resident.</summary>
    private static long Rss(int pid) => 1024 * long.Parse(
        File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    private int TemporaryFiles(OneServeProcess server) => new DirectoryInfo($"/proc/{server.Gateway.Pid}/fd").EnumerateFiles()
        .Count(link => link.LinkTarget?.StartsWith(Site.Temporary, StringComparison.Ordinal) ?? false);

    private Task ProducedAsync(int count) => Poll.Until(
        () => File.Exists(Site.PathOf("produced")) && File.ReadAllLines(Site.PathOf("produced")).Length >= count, "the worker has produced the whole answer");

    private async Task<OneServeProcess> StartCornersAsync(params string[] lines)
    {
        Site.CopyApp("corners.py");
        Site.Ini([Site.Http, $"chdir = {Site.Directory}", "module = corners", .. lines]);
        return await StartAsync("site.ini");
    }
}
