using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>Exclusive locks that belong to the open file (fcntl(2), "open file description locks"), not to the process as POSIX's own do.</summary>
/// <remarks>Not flock(2): .NET's file streams take such locks for reading, and would collide with ours.</remarks>
public static unsafe partial class FileLock
{
    private const int SetLock = 37;      // F_OFD_SETLK
    private const short WriteLock = 1;   // F_WRLCK

    [LibraryImport("libc")]
    private static partial int fcntl(int descriptor, int command, Request* request);

    /// <summary>Locks the whole file until its last descriptor is closed. EAGAIN: another has it.</summary>
    public static SysResult TryTake(SafeDescriptor file)
    {
        var request = new Request { Type = WriteLock };
        return SysResult.Of(fcntl(file.Number, SetLock, &request));
    }

    /// <summary>struct flock.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Request
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Pid;
    }
}
