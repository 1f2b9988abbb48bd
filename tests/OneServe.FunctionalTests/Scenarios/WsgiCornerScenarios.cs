using System.Globalization;
using System.Text;
using System.Text.Json;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>The corners of PEP 3333, each of them on every CPython from 3.8 on that is here.</summary>
public sealed class WsgiCornerScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private const int FileSize = 4 * 65536;

    [Fact]
    [Scenario("write-mixes-with-iterables")]
    public Task Write_mixes_with_iterables() => EachPythonAsync(async server =>
        (await server.GetAsync("/written")).Text.Should().Be("written inside yielded end"));

    [Fact]
    [Scenario("start-response-again")]
    public Task Start_response_is_called_again() => EachPythonAsync(async server =>
    {
        var replaced = await server.GetAsync("/replaced");
        (replaced.Status, replaced["X-First"], replaced["X-Second"]).Should().Be((503, null, "2"));

        var late = await server.GetAsync("/replaced-late");
        late.Complete.Should().BeFalse();
        Lines("reraised").Should().Equal("yes");

        (await server.GetAsync("/started-twice")).Status.Should().Be(500, "a second call needs exc_info");
    });

    [Fact]
    [Scenario("iterables-that-raise")]
    public Task Iterables_raise_at_each_stage_and_are_closed_once() => EachPythonAsync(async server =>
    {
        foreach (var (stage, status, complete) in new[]
        {
            ("iter", 500, true), ("first", 500, true), ("empty", 500, true), ("second", 200, false), ("none", 200, true),
        })
        {
            var reply = await server.GetAsync($"/raising?stage={stage}");
            (reply.Status, reply.Complete).Should().Be((status, complete), "it raises at {0}", stage);
        }

        await server.GetAsync("/raising?stage=close");
        // close() comes behind the answer's end, and before the next request of the only thread.
        (await server.GetAsync("/")).Text.Should().Be("ready");
        Lines("closes").Should().Equal("iter", "first", "empty", "second", "none", "close");
    });

    [Fact]
    [Scenario("close-is-called-when-the-client-has-left")]
    public Task Close_is_called_once_when_the_client_has_left() => EachPythonAsync(async server =>
    {
        var client = await server.ConnectAsync();
        await client.SendAsync("GET /left HTTP/1.1\r\nHost: a\r\n\r\n");
        await client.ReceiveHeadAsync();
        client.Reset();
        await Poll.Until(() => Lines("left-closed").Length > 0, "close() is called");
        (await server.GetAsync("/")).Text.Should().Be("ready");
        Lines("left-closed").Should().Equal("closed");
    });

    [Fact]
    [Scenario("wrong-types-are-refused")]
    public Task Wrong_types_and_headers_are_refused() => EachPythonAsync(async server =>
    {
        string[] kinds =
        [
            "status-bytes", "status-number", "headers-tuple", "header-bytes", "header-number", "value-newline", "name-newline", "transfer-encoding",
            "upgrade", "beyond-latin-1", "str-body", "none", "no-start",
        ];
        foreach (string kind in kinds)
        {
            var reply = await server.GetAsync($"/wrong?kind={kind}");
            (reply.Status, reply["Set-Cookie"]).Should().Be((500, null), kind);
        }

        await server.WaitForLineAsync(Messages.Word("control characters"));
    });

    [Fact]
    [Scenario("connection-headers-are-left-out")]
    public Task Connection_headers_of_the_application_are_left_out() => EachPythonAsync(async server =>
    {
        await using var client = await server.ConnectAsync();
        for (int i = 0; i < 2; i++)
        {
            var reply = await client.RequestAsync("GET", "/kept-alive");
            (reply.Status, reply["Connection"], reply.Text).Should().Be((200, null, "data: 1\n\ndata: 2\n\n"));
        }

        await server.WaitForLineAsync(Messages.Word("sets the header Connection"));
        server.Log.Lines.Count(line => line.Contains("sets the header Connection", StringComparison.Ordinal)).Should().Be(1, "a view may run a thousand times");
    });

    [Fact]
    [Scenario("content-length-wrong-both-ways")]
    public Task A_wrong_content_length_never_spoils_the_next_answer() => EachPythonAsync(async server =>
    {
        foreach (var (query, body, complete) in new[]
        {
            ("n=10&say=10", 10, true), ("n=20&say=10", 10, true), ("n=20&say=10&pieces=4", 10, true), ("n=5&say=10", 5, true),
            ("n=6&say=10&pieces=3", 6, false), ("n=0&say=10", 0, true),
        })
        {
            await using var client = await server.ConnectAsync();
            var reply = await client.RequestAsync("GET", $"/lengths?{query}");
            (reply.Body.Length, reply.Complete).Should().Be((body, complete), query);
            if (complete)
            {
                (await client.RequestAsync("GET", "/")).Text.Should().Be("ready", "after {0} the connection is in step", query);
            }
        }
    });

    [Fact]
    [Scenario("no-body-for-204-304-head")]
    public Task There_is_no_body_for_204_304_and_head() => EachPythonAsync(async server =>
    {
        await using var client = await server.ConnectAsync();
        foreach (var (method, target) in new[]
        {
            ("GET", "/bodyless"), ("GET", "/bodyless?status=304%20Not%20Modified"), ("HEAD", "/"), ("HEAD", "/written"), ("HEAD", "/whole?mb=1&length=1"),
            ("HEAD", "/file"), ("HEAD", "/lengths?n=20&say=10"),
        })
        {
            var reply = await client.RequestAsync(method, target);
            reply.Body.Should().BeEmpty();
            reply["Transfer-Encoding"].Should().Be(method == "HEAD" ? reply["Transfer-Encoding"] : null);
            (await client.RequestAsync("GET", "/")).Text.Should().Be("ready", "after {0} {1} the connection is in step", method, target);
        }

        (await client.RequestAsync("HEAD", "/whole?mb=1&length=1"))["Content-Length"].Should().Be("1048576");
    });

    [Fact]
    [Scenario("files-by-descriptor-or-by-blocks")]
    public Task Files_go_by_descriptor_only_when_that_is_their_content() => EachPythonAsync(async server =>
    {
        byte[] plain = [.. Enumerable.Range(5, FileSize - 5).Select(i => (byte)i)];
        foreach (string kind in new[] { "plain", "raw", "random", "temporary", "bytes", "gzip" })
        {
            var reply = await server.GetAsync($"/file?kind={kind}");
            reply.Complete.Should().BeTrue();
            reply.Body.AsSpan().SequenceEqual(plain).Should().BeTrue("{0} is read on from its position", kind);
        }

        (await server.GetAsync("/file?kind=plain"))["Content-Length"].Should().Be($"{FileSize - 5}", "a file by descriptor has a length");
        (await server.GetAsync("/file?kind=subclass")).Body.AsSpan().SequenceEqual(plain).Should().BeFalse("what a subclass reads is its own");
        (await server.GetAsync("/file?kind=pipe")).Text.Should().Be("through a pipe");
    });

    [Fact]
    [Scenario("input-corners")]
    public Task Wsgi_input_reads_as_a_file_does() => EachPythonAsync(async server =>
    {
        byte[] small = "abcdefg\nhi\njk\n\nlast\nend"u8.ToArray();
        string[] expected = ["abc", "de", "fg\n", "", "hi\n", "jk\n", "\nlast\nend", "", "", "", ""];
        foreach (int padding in new[] { 0, 40_000, 200_000 })
        {
            // In the packet, in shared memory, in a file.
            byte[] body = [.. small, .. new byte[padding]];
            var parts = (await server.PostAsync("/input", body)).Json().EnumerateArray().Select(part => part.GetString()!).ToArray();
            parts[6] = parts[6].TrimEnd('\0');
            parts.Should().Equal(expected, "with {0} bytes more", padding);
        }
    });

    [Fact]
    [Scenario("non-ascii-in-every-part")]
    public Task Bytes_beyond_ascii_pass_in_every_part() => EachPythonAsync(async server =>
    {
        await using var client = await server.ConnectAsync();
        await client.SendAsync(
            "GET /text/%C3%A4%FF?q=%C3%A4 HTTP/1.1\r\nHost: a\r\nX-Text: \u00e4\u00ff\r\nCookie: c=\u00c3\u00a4\r\nReferer: http://a/\u00e4\r\n\r\n");

        var reply = await client.ReceiveAsync();

        reply.Head.Should().StartWith("HTTP/1.1 200 ?hnlich\r\n", "a reason phrase is ASCII");
        reply["X-Text"].Should().Be("\u00e4\u00ff");
        string Value(string name) => reply.Json().GetProperty(name).GetString()!;
        Value("PATH_INFO").Should().Be("/text/\u00c3\u00a4\u00ff");
        Value("QUERY_STRING").Should().Be("q=%C3%A4");
        Value("REQUEST_URI").Should().Be("/text/%C3%A4%FF?q=%C3%A4");
        Value("HTTP_X_TEXT").Should().Be("\u00e4\u00ff");
        Value("HTTP_COOKIE").Should().Be("c=\u00c3\u00a4");
        Value("HTTP_REFERER").Should().Be("http://a/\u00e4");
    });

    [Fact]
    [Scenario("early-hints")]
    public Task Early_hints_come_before_the_answer() => EachPythonAsync(async server =>
    {
        await using var client = await server.ConnectAsync();
        for (int i = 0; i < 2; i++)
        {
            await client.SendAsync("GET /hints HTTP/1.1\r\nHost: a\r\n\r\n");
            (await client.ReceiveHeadAsync()).Should().Be("HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload; as=style");
            (await client.ReceiveHeadAsync()).Should().Be("HTTP/1.1 103 Early Hints\r\nLink: </app.js>; rel=preload; as=script");
            (await client.ReceiveAsync()).Text.Should().Be("hinted");
        }

        await client.SendAsync("GET /hints HTTP/1.0\r\nHost: a\r\n\r\n");
        (await client.ReceiveAsync()).Text.Should().Be("hinted", "HTTP/1.0 knows no interim responses");
    });

    [Fact]
    [Scenario("fork-hooks-run-in-workers")]
    public Task Fork_hooks_of_the_application_run_in_each_worker() => EachPythonAsync(
        async server =>
        {
            await Poll.Until(() => server.Workers.Count == 2, "both workers run");
            foreach (var worker in server.Workers)
            {
                var facts = await FactsOfAsync(server, worker.Pid);
                facts.GetProperty("forked").EnumerateArray().Select(pid => pid.GetInt32()).Should().Contain(worker.Pid);
                facts.GetProperty("imported").GetInt32().Should().Be(server.Prototype.Pid);
            }
        },
        "processes = 2");

    [Fact]
    [Scenario("lazy-apps-imports-in-each-worker")]
    public Task With_lazy_apps_each_worker_imports() => EachPythonAsync(
        async server =>
        {
            await Poll.Until(() => server.Workers.Count == 2, "both workers run");
            foreach (var worker in server.Workers)
            {
                (await FactsOfAsync(server, worker.Pid)).GetProperty("imported").GetInt32().Should().Be(worker.Pid);
            }
        },
        "processes = 2",
        "lazy-apps = true");

    [Fact]
    [Scenario("threads-before-the-fork-are-named")]
    public async Task Threads_that_the_application_starts_before_the_fork_are_named()
    {
        Site.Write("ticking.py", """
            import threading
            threading.Thread(target=threading.Event().wait, name="ticker-of-the-site", daemon=True).start()

            def application(environ, start_response):
                start_response("200 OK", [])
                return [b"%d" % threading.active_count()]
            """);
        Site.Ini(Site.Http, $"chdir = {Site.Directory}", "module = ticking");
        var server = await StartAsync("site.ini");
        string line = await server.WaitForLineAsync(Messages.Word("ticker-of-the-site"));
        line.Should().Contain("lazy-apps = true");
        await server.StopAsync();

        Site.Ini(Site.Http, $"chdir = {Site.Directory}", "module = ticking", "lazy-apps = true");
        server = await StartAsync("site.ini");
        (await server.GetAsync("/")).Text.Should().Be("2");
        server.Log.Text.Should().NotContain("ticker-of-the-site");
    }

    [Fact]
    [Scenario("workers-share-memory")]
    public Task Workers_share_what_was_loaded_before_the_fork() => EachPythonAsync(
        async server =>
        {
            await Poll.Until(() => server.Workers.Count == 4, "all workers run");
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => server.GetAsync("/collect")));
            foreach (var worker in server.Workers)
            {
                var kilobytes = File.ReadLines($"/proc/{worker.Pid}/smaps_rollup").Skip(1)
                    .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .ToDictionary(words => words[0], words => int.Parse(words[1], CultureInfo.InvariantCulture));
                (kilobytes["Private_Dirty:"] / 1024).Should().BeLessThan(
                    15, "of the {0} MB that are resident the table of 30 MB is shared", kilobytes["Rss:"] / 1024);
            }
        },
        "processes = 4",
        "shared-import = table");

    /// <summary>Asks until the worker with that pid answers.</summary>
    private static async Task<JsonElement> FactsOfAsync(OneServeProcess server, int pid)
    {
        JsonElement facts = default;
        await Poll.Until(
            async () =>
            {
                var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.GetAsync("/facts")));
                var found = replies.Select(reply => reply.Json()).Where(reply => reply.GetProperty("pid").GetInt32() == pid).ToArray();
                facts = found.FirstOrDefault();
                return found.Length > 0;
            },
            string.Create(CultureInfo.InvariantCulture, $"worker {pid} answers"));
        return facts;
    }

    private string[] Lines(string name) => File.Exists(Site.PathOf(name)) ? File.ReadAllLines(Site.PathOf(name), Encoding.UTF8) : [];

    /// <summary>Runs the body against a server on each Python; the notes of the application are removed between them.</summary>
    private async Task EachPythonAsync(Func<OneServeProcess, Task> body, params string[] lines)
    {
        Interpreters.All.Should().NotBeEmpty();
        foreach (string python in Interpreters.All)
        {
            foreach (string note in new[] { "reraised", "closes", "left-closed" })
            {
                File.Delete(Site.PathOf(note));
            }

            string home = Site.PathOf($"python{Interpreters.All.ToList().IndexOf(python)}");
            Interpreters.MakeVirtualEnvironment(home, python);
            Site.CopyApp("corners.py");
            Site.Write("table.py", "TABLE = {str(i): [i, str(i)] for i in range(100000)}\n");
            Site.Ini([Site.Http, $"chdir = {Site.Directory}", $"home = {home}", "module = corners", .. lines]);
            var server = await StartAsync("site.ini");
            await body(server);
            await server.StopAsync();
        }
    }
}
