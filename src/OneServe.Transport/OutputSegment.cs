using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>A piece of output: memory or a range of a file.</summary>
internal unsafe struct OutputSegment
{
    /// <summary>A <see cref="PinnedBlock"/> of ours, a held <see cref="SharedFile"/>, or whatever keeps foreign memory alive.</summary>
    public object? Owner;

    /// <summary>The memory; null for a file.</summary>
    public byte* Bytes;

    /// <summary>Offset of the first unsent byte, in the memory or the file.</summary>
    public long Offset;

    /// <summary>Bytes left to send.</summary>
    public long Length;

    /// <summary>Part of it has been sent: a file may have been written to in place since.</summary>
    public bool IsBegun;

    public readonly SharedFile? File => Bytes == null ? Owner as SharedFile : null;

    public readonly bool IsFile => Bytes == null;

    public void Release()
    {
        if (Owner is PinnedBlock block)
            block.Return();
        else if (IsFile)
            (Owner as SharedFile)?.Release();
        this = default;
    }
}
