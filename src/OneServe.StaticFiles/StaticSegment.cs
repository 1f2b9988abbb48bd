using System.Runtime.InteropServices;
using OneServe.Posix;

namespace OneServe.StaticFiles;

/// <summary>A run of bytes to send: pinned memory, or a slice of an open file.</summary>
public readonly struct StaticSegment
{
    private readonly byte[]? _pinned;

    internal StaticSegment(byte[] pinned, int offset, int length)
    {
        _pinned = pinned;
        Offset = offset;
        Length = length;
    }

    internal StaticSegment(SharedFile file, long offset, long length)
    {
        File = file;
        Offset = offset;
        Length = length;
    }

    /// <summary>The file, or null when the bytes are in memory.</summary>
    public SharedFile? File { get; }

    /// <summary>First byte, in the file or in the memory that holds all of it.</summary>
    public long Offset { get; }

    /// <summary>Number of bytes.</summary>
    public long Length { get; }

    /// <summary>The bytes, when in memory. The memory never changes and never moves; it lives as long as somebody refers to it.</summary>
    public ReadOnlyMemory<byte> Memory => _pinned is null ? default : _pinned.AsMemory((int)Offset, (int)Length);

    /// <summary>What must be referred to while <see cref="Address"/> is in use; null for a file.</summary>
    public object? Owner => _pinned;

    /// <summary>Where <see cref="Memory"/> begins, for system calls; valid while <see cref="Owner"/> is referred to.</summary>
    public nint Address => _pinned is null ? 0 : Marshal.UnsafeAddrOfPinnedArrayElement(_pinned, (int)Offset);
}
