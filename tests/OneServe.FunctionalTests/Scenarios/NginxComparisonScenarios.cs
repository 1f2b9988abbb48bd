using System.Globalization;
using System.Net;
using System.Text;
using OneServe.FunctionalTests.Harness;
using OneServe.FunctionalTests.Nginx;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>
/// The same requests to nginx and to the server under test. nginx's answers are on record, for machines without it; where it is, the record is checked.
/// With ONESERVE_WRITE_GOLDEN=1 in the environment the record and docs/static-vs-nginx.md are written, to be read before they are committed.
/// </summary>
public sealed class NginxComparisonScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    private const int FewestRows = 300;

    private readonly ITestOutputHelper _output = output;

    private static string Record => Path.Combine(Repository.Root, "tests", "OneServe.FunctionalTests", "Nginx", "answers.txt");

    private static string Page => Path.Combine(Repository.Root, "docs", "static-vs-nginx.md");

    private static bool Writes => Environment.GetEnvironmentVariable("ONESERVE_WRITE_GOLDEN") == "1";

    [Fact]
    [Scenario("static-answers-are-nginxs-or-explained")]
    public async Task Answers_are_those_of_nginx_or_the_difference_is_explained()
    {
        StaticRequestList.WriteFiles(Site);
        var rows = StaticRequestList.Rows();
        rows.Count.Should().BeGreaterThanOrEqualTo(FewestRows);
        rows.Select(row => row.Key).Should().OnlyHaveUniqueItems();
        var theirs = await NginxAnswersAsync(rows);
        Site.Ini(
            Site.Http, $"chdir = {Site.Directory}", "need-app = false", "static-map = /static=static", "static-map = /media=media", "static-index = index.html",
            "static-404 = /");
        var server = Launch("site.ini");
        await server.WaitListeningAsync();
        var ours = await AskAsync(rows, Site.EndPoint);

        var used = StaticDifferences.All.ToDictionary(difference => difference, _ => 0);
        List<string> unexplained = [];
        int same = 0;
        foreach (var (row, their, our) in rows.Zip(theirs, ours))
        {
            var fields = their.Fields.Keys.Union(our.Fields.Keys).Where(field => their[field] != our[field]).ToArray();
            same += their.Status == our.Status && (their["Body"] == our["Body"] || our.Status >= 300) ? 1 : 0;
            HashSet<StaticDifference> found = [];
            foreach (string field in fields)
            {
                if (StaticDifferences.All.FirstOrDefault(candidate => candidate.Explains(row, field, their, our)) is { } difference)
                    found.Add(difference);
                else
                    unexplained.Add($"{row.Key}\n    {field}: nginx `{their[field]}`, here `{our[field]}`\n    nginx: {their}\n    here:  {our}");
            }
            foreach (var difference in found)
                used[difference]++;
        }

        unexplained.ForEach(_output.WriteLine);
        unexplained.Should().BeEmpty();
        used.Where(pair => pair.Value == 0).Select(pair => pair.Key.Name).Should().BeEmpty("each row of the table explains something");
        string page = Compose(rows.Count, same, used);
        if (Writes)
            await File.WriteAllTextAsync(Page, page);
        (await File.ReadAllTextAsync(Page)).Should().Be(page, "docs/static-vs-nginx.md is written by this test");
    }

    private async Task<IReadOnlyList<StaticAnswer>> NginxAnswersAsync(IReadOnlyList<StaticRequestRow> rows)
    {
        if (NginxProcess.Executable is not null)
        {
            await using var nginx = await NginxProcess.StartAsync(Site);
            var answers = await AskAsync(rows, nginx.EndPoint);
            string record = string.Concat(rows.Zip(answers, (row, answer) => $"{row.Key}\n    {answer}\n"));
            if (Writes)
                await File.WriteAllTextAsync(Record, record);
            (await File.ReadAllTextAsync(Record)).Should().Be(record, "nginx answers as it did when the record was made");
        }
        var lines = (await File.ReadAllTextAsync(Record)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Chunk(2).ToDictionary(pair => pair[0], pair => pair[1].Trim());
        return [.. rows.Select(row => StaticAnswer.Parse(lines[row.Key]))];
    }

    private static async Task<IReadOnlyList<StaticAnswer>> AskAsync(IReadOnlyList<StaticRequestRow> rows, EndPoint endpoint)
    {
        var tags = new Dictionary<string, string>();
        var answers = new List<StaticAnswer>();
        foreach (var row in rows)
        {
            string fields = row.Fields;
            if (fields.Contains("{E}", StringComparison.Ordinal))
            {
                string[] coding = [.. fields.Split('|').Where(field => field.StartsWith("Accept-Encoding", StringComparison.Ordinal))];
                string key = row.Target + string.Concat(coding);
                if (!tags.ContainsKey(key))
                    tags[key] = (await RawHttp.GetAsync(endpoint, row.Target, coding))["ETag"]!;
                fields = fields.Replace("{E}", tags[key], StringComparison.Ordinal);
            }
            byte[]? body = row.Method is "POST" or "PUT" or "PATCH" ? "body"u8.ToArray() : null;
            answers.Add(StaticAnswer.Of(await RawHttp.RequestAsync(endpoint, row.Method, row.Target, body, fields.Split('|', StringSplitOptions.RemoveEmptyEntries))));
        }
        return answers;
    }

    private static string Compose(int requests, int same, Dictionary<StaticDifference, int> used)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Static files: where the answers differ from nginx's

            {requests} requests — methods, conditions, ranges, codings, paths good and hostile — are sent to OneServe and to nginx with the same files:
            `alias` and `root` with `gzip_static on`, `autoindex off` and `index index.html` there; `static-map`, `static-index = index.html` and
            `static-404 = /` here. {same} answers have the same status and the same bytes. Every difference, in status, bytes or a header field that means something,
            is one of the table; the test that wrote it (`static-answers-are-nginxs-or-explained`) fails on any other.

            | requests | what | nginx | OneServe | why |
            |--:|---|---|---|---|

            """);
        foreach (var (difference, count) in used.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.Name, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"| {count} | {difference.Name} | {difference.Nginx} | {difference.Here} | {difference.Reason} |\n");
        return text.ToString();
    }
}
