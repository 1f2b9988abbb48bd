using System.Reflection;
using System.Text.RegularExpressions;
using OneServe.FunctionalTests.Harness;

namespace OneServe.FunctionalTests.Scenarios;

/// <summary>docs/scenarios.md and the facts here name the same scenarios.</summary>
public sealed partial class ScenarioListTests
{
    [Fact]
    [Scenario("list-and-facts-agree")]
    public void The_list_and_the_facts_agree()
    {
        var tests = typeof(ScenarioListTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttribute<FactAttribute>() is not null)
            .ToArray();

        tests.Where(method => method.GetCustomAttribute<ScenarioAttribute>() is null).Should().BeEmpty("each test runs a named scenario");
        var named = tests.Select(method => method.GetCustomAttribute<ScenarioAttribute>()!.Name).ToArray();
        named.Should().OnlyHaveUniqueItems();
        var listed = Entry().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "scenarios.md"))).Select(match => match.Groups[1].Value).ToArray();
        listed.Should().OnlyHaveUniqueItems();
        listed.Should().BeEquivalentTo(named);
        tests.Where(method => method.GetCustomAttribute<FactAttribute>()!.Skip is not null).Should().BeEmpty("a skipped test proves nothing");
    }

    [GeneratedRegex(@"^- `([a-z0-9.-]+)`: \S", RegexOptions.Multiline)]
    private static partial Regex Entry();
}
