using System.Globalization;
using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>What must be rejected is, with its status, and nothing behind it is read.</summary>
public sealed partial class StrictnessScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private const string Smuggled = "GET /hello?smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    [Fact]
    [Scenario("what-must-be-rejected-is")]
    public async Task What_must_be_rejected_is()
    {
        Site.ProbeIni();
        var server = await StartAsync("site.ini");
        await Poll.Until(() => AccessLines(server) == 1, "the line of the first request is written");
        const int before = 1;
        var rows = StrictnessRows.Refused.ToArray();
        var wrong = new List<string>();

        await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (row, _) =>
        {
            string got = await ExchangeAsync(server, row.Request + Smuggled);
            if (got != $"{row.Status}, closed")
                lock (wrong)
                    wrong.Add($"{row.Source}: {Regex.Escape(row.Request[..Math.Min(row.Request.Length, 200)])} -> {got}, not {row.Status}");
        });

        wrong.Should().BeEmpty();
        await Poll.Until(() => AccessLines(server) >= before + rows.Length, "every refused request has its line in the access log");
        AccessLines(server).Should().Be(before + rows.Length);
        server.Log.Text.Should().NotContain("smuggled");
        server.Log.Text.Should().Contain("] 127.0.0.1 () {0 vars in 0 bytes}").And.Contain("CONNECT a:80 => generated 0 bytes");
        Messages.StackTrace.IsMatch(server.Log.Text).Should().BeFalse("a client's abuse is no error of ours");
    }

    [Fact]
    [Scenario("what-may-be-sent-is-taken")]
    public async Task What_may_be_sent_is_taken_in_pieces_of_any_size()
    {
        Site.ProbeIni();
        var server = await StartAsync("site.ini");
        foreach (string request in StrictnessRows.Taken)
        {
            await using var connection = await server.ConnectAsync();
            foreach (int size in new[] { request.Length, 1, 7 })
            {
                for (int at = 0; at < request.Length; at += size)
                {
                    await connection.SendAsync(request[at..Math.Min(at + size, request.Length)]);
                }

                (await connection.ReceiveAsync()).Status.Should().Be(200, request);
            }
        }
    }

    [Fact]
    [Scenario("mutated-requests-are-answered-or-closed")]
    public async Task Mutated_requests_are_answered_or_closed()
    {
        Site.Write("static/a.txt", "a static file");
        Site.ProbeIni(
            "static-map = /static=static", "threads = 4", "http-headers-timeout = 2", "http-timeout = 2", "buffer-size = 8192", "limit-post = 200000",
            "disable-logging = true");
        var server = await StartAsync("site.ini");
        int gateway = server.Gateway.Pid;

        // It throws with all that the script has to tell when anything is wrong, the seed first.
        string told = await Task.Run(() => Interpreters.Run(
            Interpreters.System, Path.Combine(Repository.Root, "bench", "fuzz.py"), "--port", Site.Port.ToString(CultureInfo.InvariantCulture), "--seconds", "12"));

        told.Should().Contain(" 0 wrong, seed ");
        server.Gateway.Pid.Should().Be(gateway, "it has not crashed");
        Messages.StackTrace.IsMatch(server.Log.Text).Should().BeFalse("a client's abuse is no error of ours");
        (await server.GetAsync("/hello")).Status.Should().Be(200);
    }

    private static int AccessLines(OneServeProcess server) => server.Log.Lines.Count(Messages.AccessLine.IsMatch);

    /// <summary>The statuses that came, and how the connection ended.</summary>
    private static async Task<string> ExchangeAsync(OneServeProcess server, string bytes)
    {
        await using var connection = await server.ConnectAsync();
        await connection.SendAsync(bytes);
        var (received, end) = await connection.ReceiveToEndAsync();
        return string.Join(' ', StatusLine().Matches(received).Select(match => match.Groups[1].Value)) + ", " + end;
    }

    [GeneratedRegex(@"HTTP/1\.1 (\d{3}) ")]
    private static partial Regex StatusLine();
}
