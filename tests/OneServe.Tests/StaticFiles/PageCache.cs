using System.Runtime.InteropServices;
using OneServe.Posix;

namespace OneServe.Tests.StaticFiles;

/// <summary>Takes a file out of the page cache.</summary>
internal static partial class PageCache
{
    private const int DoNotNeed = 4; // POSIX_FADV_DONTNEED

    [LibraryImport("libc")]
    private static partial int posix_fadvise(int descriptor, long offset, long length, int advice);

    [LibraryImport("libc")]
    private static partial int fsync(int descriptor);

    /// <summary>Whether a file can be cold at all on this file system; this file then is on its way back into the cache.</summary>
    public static bool CanDrop(string path)
    {
        Drop(path);
        using var file = File.OpenHandle(path);
        return PositionedReads.ReadCached((int)file.DangerousGetHandle(), new byte[1], 0).Errno is Errno.EAGAIN or Errno.EOPNOTSUPP;
    }

    /// <summary>Without an effect where there is no other place for it (tmpfs).</summary>
    public static void Drop(string path)
    {
        using var file = File.OpenHandle(path);
        int number = (int)file.DangerousGetHandle();
        fsync(number).Should().Be(0); // what is dirty is not dropped
        posix_fadvise(number, 0, 0, DoNotNeed).Should().Be(0);
    }
}
