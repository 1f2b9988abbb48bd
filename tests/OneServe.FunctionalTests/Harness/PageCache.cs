using System.Runtime.InteropServices;

namespace OneServe.FunctionalTests.Harness;

/// <summary>Takes files out of the page cache.</summary>
internal static partial class PageCache
{
    private const int DoNotNeed = 4; // POSIX_FADV_DONTNEED

    [LibraryImport("libc")]
    private static partial int posix_fadvise(int descriptor, long offset, long length, int advice);

    [LibraryImport("libc")]
    private static partial int fsync(int descriptor);

    /// <summary>Without an effect where there is no other place for the file (tmpfs).</summary>
    public static void Drop(string path)
    {
        using var file = File.OpenHandle(path);
        int number = (int)file.DangerousGetHandle();
        fsync(number).Should().Be(0); // what is dirty is not dropped
        posix_fadvise(number, 0, 0, DoNotNeed).Should().Be(0);
    }
}
