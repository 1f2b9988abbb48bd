using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>sendfile(2).</summary>
public static unsafe partial class Sendfile
{
    // With a GC transition: a page that is not in the cache makes the call wait for the disk.
    [LibraryImport("libc")]
    private static partial nint sendfile(int target, int source, long* offset, nint length);

    /// <summary>Sends bytes of a file to a socket; fewer than asked when the socket is full, 0 at the file's end.</summary>
    public static SysResult Send(int socket, int file, long offset, nint length) => SysResult.Of(sendfile(socket, file, &offset, length));
}
