namespace OneServe.Configuration;

/// <summary>What holds for the server's processes as such.</summary>
public sealed record ProcessOptions
{
    /// <summary>`umask`: bits that new files do not get; null: what the environment gives.</summary>
    public int? CreationMask { get; init; }

    /// <summary>`limit-as`: MiB of address space of each Python process; 0: no limit.</summary>
    public int AddressSpace { get; init; }

    /// <summary>`cpu-affinity`: CPUs that each worker is bound to; 0: the kernel chooses.</summary>
    public int CpusPerWorker { get; init; }

    public TitleOptions Titles { get; init; } = new();
}
