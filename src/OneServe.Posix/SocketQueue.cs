using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>What the kernel has taken for a peer and the peer has not got yet.</summary>
public static unsafe partial class SocketQueue
{
    private const nuint OutputQueue = 0x5411; // SIOCOUTQ

    [LibraryImport("libc"), SuppressGCTransition]
    private static partial int ioctl(int descriptor, nuint request, int* value);

    /// <summary>Bytes that TCP has not seen acknowledged (tcp(7)); on UNIX sockets what the peer has not read, with the kernel's overhead; 0 on an error.</summary>
    public static int Unsent(int descriptor)
    {
        int bytes = 0;
        return ioctl(descriptor, OutputQueue, &bytes) == 0 ? bytes : 0;
    }
}
