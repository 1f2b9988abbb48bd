using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>statx(2): type, size, identity and times with nanoseconds.</summary>
public static unsafe partial class FileStatusCalls
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const int EmptyPath = 0x1000;      // AT_EMPTY_PATH
    private const uint BasicStats = 0x7FF;     // STATX_BASIC_STATS

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statx
    {
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public ulong Size;
        [FieldOffset(96)] public long ChangedSeconds;
        [FieldOffset(104)] public uint ChangedNanoseconds;
        [FieldOffset(112)] public long ModifiedSeconds;
        [FieldOffset(120)] public uint ModifiedNanoseconds;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
    }

    [LibraryImport("libc")]
    private static partial int statx(int directory, byte* path, int flags, uint mask, Statx* buffer);

    /// <summary>The status of what a path names, symbolic links followed.</summary>
    /// <param name="path">Ends with a NUL byte; relative paths are taken from the current directory.</param>
    /// <param name="status">The answer; all zero when the call failed.</param>
    public static SysResult Read(ReadOnlySpan<byte> path, out FileStatus status)
    {
        RequireTerminator(path);
        fixed (byte* p = path)
            return Call(CurrentDirectory, p, 0, out status);
    }

    /// <summary>The status of an open file.</summary>
    public static SysResult Read(int descriptor, out FileStatus status)
    {
        byte empty = 0;
        return Call(descriptor, &empty, EmptyPath, out status);
    }

    private static SysResult Call(int directory, byte* path, int flags, out FileStatus status)
    {
        Statx buffer;
        Unsafe.SkipInit(out buffer);
        SysResult result;
        do
            result = SysResult.Of(statx(directory, path, flags, BasicStats, &buffer));
        while (result.Errno == Errno.EINTR);
        status = result.IsError
            ? default
            : new FileStatus(
                ((ulong)buffer.DeviceMajor << 32) | buffer.DeviceMinor,
                buffer.Inode,
                buffer.Mode,
                (long)buffer.Size,
                buffer.ModifiedSeconds,
                buffer.ModifiedNanoseconds,
                buffer.ChangedSeconds,
                buffer.ChangedNanoseconds);
        return result;
    }

    internal static void RequireTerminator(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty || path[^1] != 0)
            throw new ArgumentException("A path for the kernel ends with a NUL byte.", nameof(path));
    }
}
