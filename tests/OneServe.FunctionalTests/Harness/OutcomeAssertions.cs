using System.Text.RegularExpressions;

namespace OneServe.FunctionalTests.Harness;

internal static class OutcomeAssertions
{
    private const int StartFailed = 1;
    private const int ApplicationFailed = 22;

    /// <summary>A mistake in the configuration or on the machine: exit code 1, every essential part in the output, and no .NET stack trace.</summary>
    public static void ShouldBeMistake(this Outcome outcome, params Regex[] parts) => ShouldFail(outcome, StartFailed, parts);

    /// <summary>An application that cannot be loaded: exit code 22, every essential part in the output, and no .NET stack trace.</summary>
    public static void ShouldBeApplicationMistake(this Outcome outcome, params Regex[] parts) => ShouldFail(outcome, ApplicationFailed, parts);

    private static void ShouldFail(Outcome outcome, int exitCode, Regex[] parts)
    {
        outcome.ExitCode.Should().Be(exitCode, "docs/protocol.md says so: {0}", outcome.Output);
        Messages.StackTrace.IsMatch(outcome.Output).Should().BeFalse("a mistake gets a message, not a stack trace: {0}", outcome.Output);
        foreach (var part in parts)
        {
            part.IsMatch(outcome.Output).Should().BeTrue("the message holds /{0}/: {1}", part, outcome.Output);
        }
    }
}
