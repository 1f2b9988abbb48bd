namespace OneServe.FunctionalTests.Harness;

/// <summary>Tests of this collection run one after another, when no other test does.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
