using OneServe.FunctionalTests.Harness;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>A slice of `make bench`: that it runs and writes its tables; what they say is not a test's business.</summary>
[Collection(nameof(AloneCollection))]
public sealed class MeasurementScenarios
{
    [Theory]
    [Scenario("measurements-run")]
    [InlineData("bench.py", "static-13", "### Static file, 13 B")]
    [InlineData("dispatch.py", "by_role", "### OneServe's CPU by role")]
    public async Task Measurements_run_and_write_their_table(string script, string measurement, string title)
    {
        string table = Path.GetTempFileName();
        try
        {
            await Task.Run(() => Interpreters.Run(
                Interpreters.System, Path.Combine(Repository.Root, "bench", script), "--quick", "--only", measurement, "--output", table));

            File.ReadAllText(table).Should().Contain(title).And.Contain("\n|--");
        }
        finally
        {
            File.Delete(table);
        }
    }
}
