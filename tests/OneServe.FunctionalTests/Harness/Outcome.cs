namespace OneServe.FunctionalTests.Harness;

/// <summary>How a server ended, and all that it wrote.</summary>
internal sealed record Outcome(int ExitCode, string Output);
