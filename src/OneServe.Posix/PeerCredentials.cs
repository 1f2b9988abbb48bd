using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>Who is at the other end of a UNIX socket (SO_PEERCRED, unix(7)): the kernel's word, not the peer's.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly partial struct PeerCredentials
{
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int Option = 17;     // SO_PEERCRED

    public readonly int Process;
    public readonly uint User;
    public readonly uint Group;

    [LibraryImport("libc")]
    private static unsafe partial int getsockopt(int descriptor, int level, int option, void* value, uint* length);

    /// <summary>False: it is no UNIX socket.</summary>
    public static unsafe bool TryGet(int descriptor, out PeerCredentials peer)
    {
        fixed (PeerCredentials* value = &peer)
        {
            uint length = (uint)sizeof(PeerCredentials);
            return getsockopt(descriptor, SocketLevel, Option, value, &length) == 0;
        }
    }
}
