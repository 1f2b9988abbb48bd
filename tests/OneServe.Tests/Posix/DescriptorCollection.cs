namespace OneServe.Tests.Posix;

/// <summary>
/// Not in parallel: a process that another test starts has copies of all descriptors of this one until its execve(2), and keeps locks, listeners and
/// ends of sockets alive that the test has closed.
/// </summary>
[CollectionDefinition(nameof(DescriptorCollection), DisableParallelization = true)]
public sealed class DescriptorCollection;
