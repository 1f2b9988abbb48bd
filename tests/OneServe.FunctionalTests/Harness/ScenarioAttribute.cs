namespace OneServe.FunctionalTests.Harness;

/// <summary>Names the scenario that a test runs; docs/scenarios.md has a line for each.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ScenarioAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
