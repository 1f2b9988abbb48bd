namespace OneServe.Posix;

/// <summary>What a new process is to be.</summary>
/// <param name="Path">The executable; not searched for.</param>
/// <param name="Arguments">Its arguments, argv[0] included.</param>
/// <param name="Environment">`KEY=value`, complete.</param>
/// <param name="Descriptors">The descriptors it starts with; targets without a gap from 0. All others are closed.</param>
public sealed record SpawnRequest(
    string Path,
    IReadOnlyList<string> Arguments,
    IReadOnlyList<string> Environment,
    IReadOnlyList<DescriptorMapping> Descriptors);

/// <summary>A descriptor of ours and the number it gets in the new process.</summary>
public readonly record struct DescriptorMapping(int Source, int Target);
