using OneServe.FunctionalTests.Harness;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>A slice of what `make soak` does for ten minutes.</summary>
[Collection(nameof(AloneCollection))]
public sealed class ChaosScenarios
{
    [Fact]
    [Scenario("chaos-accounts-for-every-request")]
    public async Task Under_kills_stops_and_reloads_at_random_every_request_is_accounted_for()
    {
        // It throws with all that the script has to tell when anything is wrong, the seed first.
        string told = await Task.Run(() => Interpreters.Run(
            Interpreters.System, Path.Combine(Repository.Root, "bench", "chaos.py"), "--seconds", "20"));

        told.Should().Contain("every request is accounted for, nothing is left, seed ");
    }
}
