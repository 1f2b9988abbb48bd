using System.Text.RegularExpressions;

namespace OneServe.FunctionalTests.Harness;

internal static class OutcomeAssertions
{
    /// <summary>A mistake of the operator's: a non-zero exit, every essential part in the output, and no .NET stack trace.</summary>
    public static void ShouldBeMistake(this Outcome outcome, params Regex[] parts)
    {
        outcome.ExitCode.Should().NotBe(0, outcome.Output);
        outcome.ExitCode.Should().BeLessThan(100, "the server ends by itself, not by a signal or an abort: {0}", outcome.Output);
        Messages.StackTrace.IsMatch(outcome.Output).Should().BeFalse("a mistake gets a message, not a stack trace: {0}", outcome.Output);
        foreach (var part in parts)
        {
            part.IsMatch(outcome.Output).Should().BeTrue("the message holds /{0}/: {1}", part, outcome.Output);
        }
    }
}
