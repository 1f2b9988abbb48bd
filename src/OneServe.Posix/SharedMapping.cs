using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>mmap(2) of memory that several processes share.</summary>
public static unsafe partial class SharedMapping
{
    private const int ReadWrite = 1 | 2; // PROT_READ | PROT_WRITE
    private const int Shared = 1;        // MAP_SHARED

    [LibraryImport("libc")]
    private static partial nint mmap(void* address, nint length, int protection, int flags, int descriptor, nint offset);

    /// <summary>Maps the first <paramref name="length"/> bytes for reading and writing; stays mapped when the descriptor is closed.</summary>
    /// <exception cref="SystemCallException">The mapping was refused.</exception>
    public static byte* Map(int descriptor, long length)
    {
        nint address = mmap(null, (nint)length, ReadWrite, Shared, descriptor, 0);
        return address != -1 ? (byte*)address : throw new SystemCallException("mmap", Marshal.GetLastSystemError());
    }
}
