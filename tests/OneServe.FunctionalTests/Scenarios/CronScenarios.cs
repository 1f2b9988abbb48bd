using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;
using Xunit.Abstractions;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>What waits for the beginning of a minute: a class of its own, so that others run meanwhile.</summary>
public sealed class CronScenarios(ITestOutputHelper output) : ScenarioTest(output)
{
    [Fact]
    [Scenario("uwsgi-cron-and-file-monitor")]
    public async Task What_is_due_at_a_minute_and_when_a_file_changes()
    {
        Site.CopyApp("uwsgimodule.py");
        Site.ProbeIni("module = uwsgimodule");
        var server = await StartAsync("site.ini");
        Site.Write("watched", "1");

        await server.WaitForLineAsync(new Regex("^NOTE changed", RegexOptions.Multiline));
        await server.WaitForLineAsync(new Regex("^NOTE minute", RegexOptions.Multiline), TimeSpan.FromSeconds(75));
        server.Log.Lines.Count(line => line.StartsWith("NOTE minute by", StringComparison.Ordinal)).Should().Be(1);
    }
}
