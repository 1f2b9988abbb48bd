using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>Files without a name: gone when the last descriptor is closed, whatever way the process ends.</summary>
public static partial class TemporaryFile
{
    private const int ReadWrite = 2;             // O_RDWR
    private const int CloseOnExec = 0x80000;     // O_CLOEXEC
    private const int Unnamed = 0x410000;        // O_TMPFILE
    private const int OwnerOnly = 0x180;         // 0600

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, int mode);

    /// <summary>TMPDIR, else /tmp.</summary>
    public static string Directory => Environment.GetEnvironmentVariable("TMPDIR") is { Length: > 0 } set ? set : "/tmp";

    /// <summary>An unnamed file in TMPDIR, else in /tmp; in memory where the file system cannot do it (open(2), O_TMPFILE).</summary>
    /// <exception cref="SystemCallException">Neither can be had.</exception>
    public static SafeDescriptor Create()
    {
        var result = SysResult.Of(open(Directory, ReadWrite | CloseOnExec | Unnamed, OwnerOnly));
        return result.IsError ? MemoryFile.Create("oneserve") : new SafeDescriptor(result.Int);
    }
}
