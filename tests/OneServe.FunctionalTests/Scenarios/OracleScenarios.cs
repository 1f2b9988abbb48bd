using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>One application under uWSGI and under this server: docs/wsgi.md explains each difference, and no difference that is not there.</summary>
public sealed partial class OracleScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private const int LongestValue = 48;

    [Fact]
    [Scenario("differences-from-uwsgi-are-explained")]
    public async Task Differences_from_uwsgi_are_explained()
    {
        Site.CopyApp("oracle.py");
        Site.Ini(Site.Http, $"chdir = {Site.Directory}", "module = oracle");
        int port = Ports.Next();
        await using var uwsgi = await UwsgiProcess.StartAsync(Site.Directory, "oracle", port);
        await StartAsync("site.ini");
        var found = new List<Difference>();

        OracleRequests.All.Count.Should().BeGreaterThanOrEqualTo(60);
        foreach (var (name, request) in OracleRequests.All)
        {
            var theirs = await AskAsync(TestSite.At(port), request, headHasBody: true);
            var ours = await AskAsync(Site.EndPoint, request, headHasBody: false);
            var differences = Compare(name, theirs, ours).Where(difference => !found.Any(other => other.IsSame(difference))).ToArray();
            found.AddRange(name == "plain" ? differences.Select(difference => difference with { Request = "every" }) : differences);
        }

        string table = string.Join('\n', found.Select(difference => difference.Row));
        var explained = Rows(File.ReadAllText(Path.Combine(Repository.Root, "docs", "wsgi.md")));
        explained.Select(row => row.Facts).Should().BeEquivalentTo(found.Select(difference => difference.Row), "the table must be\n{0}\n", table);
        explained.Should().OnlyContain(row => row.Why.Length > 0);
    }

    private static async Task<HttpReply?> AskAsync(EndPoint endpoint, string request, bool headHasBody)
    {
        await using var connection = await RawHttp.ConnectAsync(endpoint);
        try
        {
            await connection.SendAsync(request);
            return await connection.ReceiveAsync(bodyless: !headHasBody && request.StartsWith("HEAD", StringComparison.Ordinal));
        }
        catch (Exception error) when (error is EndOfStreamException or System.Net.Sockets.SocketException)
        {
            return null;
        }
    }

    private static IEnumerable<Difference> Compare(string name, HttpReply? theirs, HttpReply? ours)
    {
        string their = StatusLine(theirs);
        string our = StatusLine(ours);
        if (their != our)
        {
            yield return new Difference(name, "status line", their, our);
        }

        if (theirs is null || ours is null || theirs.Status != ours.Status)
        {
            yield break;
        }

        bool isEnviron = ours.Body.Length > 0 && ours.Body[0] == '{';
        foreach (string header in theirs.Headers.Concat(ours.Headers).Select(header => header.Name).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            // The length of what is different anyway, and of what is said of a body that does not come.
            if (header.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) && (isEnviron || name.StartsWith("head", StringComparison.Ordinal)))
            {
                continue;
            }

            if (!theirs.All(header).SequenceEqual(ours.All(header)))
            {
                yield return new Difference(name, header, Join(theirs.All(header)), header == "Date" ? "set" : Join(ours.All(header)));
            }
        }

        if (!isEnviron)
        {
            if (!theirs.Body.SequenceEqual(ours.Body))
            {
                yield return new Difference(name, "body", theirs.Body.Length > 0 && theirs.Body[0] == '{' ? "sent" : theirs.Text, ours.Body.Length == 0 ? "none" : ours.Text);
            }

            yield break;
        }

        var theirEnviron = Environ(theirs);
        var ourEnviron = Environ(ours);
        foreach (string key in theirEnviron.Keys.Union(ourEnviron.Keys).Order(StringComparer.Ordinal).Where(key => key != "SERVER_PORT"))
        {
            string before = theirEnviron.GetValueOrDefault(key, "absent");
            string after = ourEnviron.GetValueOrDefault(key, "absent");
            if (before != after)
            {
                yield return new Difference(name, key, before, key == "REMOTE_PORT" ? "set" : after);
            }
        }
    }

    private static string StatusLine(HttpReply? reply) => reply is null ? "no answer" : reply.Head.Split("\r\n")[0];

    private static string Join(string[] values) => values.Length == 0 ? "absent" : string.Join(" + ", values);

    private static Dictionary<string, string> Environ(HttpReply reply) =>
        reply.Json().EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetRawText());

    private static List<(string Facts, string Why)> Rows(string text)
    {
        var rows = new List<(string, string)>();
        foreach (Match match in Row().Matches(text))
        {
            rows.Add((match.Groups[1].Value, match.Groups[2].Value.Trim()));
        }

        return rows;
    }

    [GeneratedRegex(@"^(\| `[a-z0-9-]+` \| `[^|]*` \| `[^|]*` \| `[^|]*` \|) (.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    private sealed record Difference(string Request, string What, string Theirs, string Ours)
    {
        public string Row => $"| `{Request}` | `{What}` | `{Show(Theirs)}` | `{Show(Ours)}` |";

        /// <summary>Whether another difference is one that each request shows.</summary>
        public bool IsSame(Difference other) => Request == "every" && (What, Theirs, Ours) == (other.What, other.Theirs, other.Ours);

        private static string Show(string value)
        {
            var text = new StringBuilder();
            foreach (char c in value.Length > LongestValue ? value[..LongestValue] + "…" : value)
            {
                text.Append(c is '|' or '`' || char.IsControl(c) ? '.' : c);
            }

            return text.Length == 0 ? "empty" : text.ToString();
        }
    }
}
