namespace OneServe.StaticFiles;

/// <summary>The bounds of one <see cref="StaticFileCache"/>.</summary>
public sealed record StaticCacheLimits
{
    private const long LeastMemory = 16 * 1024 * 1024;
    private const long MostMemory = 128 * 1024 * 1024;

    /// <summary>Files of at most this many bytes are kept in memory; beyond it sendfile(2) wins (measured: they meet near 64 KB).</summary>
    public int SmallFile { get; init; } = 64 * 1024;

    /// <summary>
    /// Bytes of files in memory: contents, paths, and about 1 KB each for the rest. A sixteenth of the memory that the machine or the container has,
    /// from 16 to 128 MiB: the ten thousand files of 10 KB of a large site just fit, and a small container is not filled with pictures.
    /// </summary>
    public long MemoryBytes { get; init; } = Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 16, LeastMemory, MostMemory);

    /// <summary>Files in memory.</summary>
    public int MemoryEntries { get; init; } = 16_384;

    /// <summary>Descriptors kept open for files that are too large for memory.</summary>
    public int OpenFiles { get; init; } = 256;

    /// <summary>Paths remembered as not being files.</summary>
    public int MissingEntries { get; init; } = 4_096;

    /// <summary>How long an answer is given without looking at the file system again.</summary>
    public TimeSpan Freshness { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Entries unused for so long are dropped by <see cref="StaticFileCache.Trim"/>: an open descriptor keeps a deleted file's blocks.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);
}
