namespace OneServe.Configuration;

/// <summary>`cache2`: memory that all workers share under a name. It is kept over reloads as long as all of this stays the same.</summary>
public sealed record CacheOptions
{
    public required string Name { get; init; }

    /// <summary>`items`: most entries.</summary>
    public required int Items { get; init; }

    /// <summary>`blocksize`: bytes of the longest value.</summary>
    public int BlockSize { get; init; } = 64 * 1024;

    /// <summary>`keysize`: bytes of the longest key.</summary>
    public int KeySize { get; init; } = 2048;

    /// <summary>`purge_lru`: when it is full, the entry that was used least recently goes. Otherwise nothing more is taken.</summary>
    public bool Evicts { get; init; }
}
