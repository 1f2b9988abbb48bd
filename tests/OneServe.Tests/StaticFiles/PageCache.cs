using System.Runtime.InteropServices;

namespace OneServe.Tests.StaticFiles;

/// <summary>Takes a file out of the page cache.</summary>
internal static unsafe partial class PageCache
{
    private const int DoNotNeed = 4;  // POSIX_FADV_DONTNEED
    private const int Readable = 1;   // PROT_READ
    private const int Shared = 1;     // MAP_SHARED

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    [LibraryImport("libc")]
    private static partial int posix_fadvise(int descriptor, long offset, long length, int advice);

    [LibraryImport("libc")]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc")]
    private static partial nint mmap(nint address, nint length, int protection, int flags, int descriptor, long offset);

    [LibraryImport("libc")]
    private static partial int munmap(nint address, nint length);

    [LibraryImport("libc")]
    private static partial int mincore(nint address, nint length, byte* resident);

    /// <summary>
    /// Whether the file's first page is out of it now. Not where there is no other place for it (tmpfs); on a busy machine the kernel may hold on to a page
    /// for a moment, so this asks more than once.
    /// </summary>
    public static bool TryDrop(string path)
    {
        using var file = File.OpenHandle(path);
        int number = (int)file.DangerousGetHandle();
        return SpinWait.SpinUntil(
            () =>
            {
                fsync(number).Should().Be(0); // what is dirty is not dropped
                posix_fadvise(number, 0, 0, DoNotNeed).Should().Be(0);
                return !IsResident(number);
            },
            Patience);
    }

    /// <summary>Asked of a mapping that nobody touches: to try to read it would bring it back.</summary>
    private static bool IsResident(int number)
    {
        nint page = mmap(0, 1, Readable, Shared, number, 0);
        page.Should().NotBe(-1);
        byte resident;
        mincore(page, 1, &resident).Should().Be(0);
        munmap(page, 1);
        return (resident & 1) != 0;
    }
}
