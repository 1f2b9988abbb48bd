using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>Connected pairs of UNIX sockets (socketpair(2)), blocking and close-on-exec.</summary>
public static unsafe partial class SocketPairs
{
    private const int Unix = 1;                  // AF_UNIX
    private const int StreamType = 1;            // SOCK_STREAM
    private const int SequencedType = 5;         // SOCK_SEQPACKET
    private const int CloseOnExec = 0x80000;     // SOCK_CLOEXEC
    private const int SocketLevel = 1;           // SOL_SOCKET
    private const int SendBuffer = 7;            // SO_SNDBUF
    private const int SendBufferForce = 32;      // SO_SNDBUFFORCE
    private const int ShutReading = 0;           // SHUT_RD

    [LibraryImport("libc")]
    private static partial int socketpair(int domain, int type, int protocol, int* sockets);

    [LibraryImport("libc")]
    private static partial int setsockopt(int socket, int level, int option, void* value, uint length);

    [LibraryImport("libc")]
    private static partial int shutdown(int socket, int how);

    /// <summary>A pair that keeps the boundaries of messages.</summary>
    public static (SafeDescriptor First, SafeDescriptor Second) Sequenced() => Create(SequencedType);

    /// <summary>A pair of byte streams.</summary>
    public static (SafeDescriptor First, SafeDescriptor Second) Stream() => Create(StreamType);

    /// <summary>
    /// Asks for a send buffer, which bounds the size of one packet; beyond `net.core.wmem_max` with privilege only, else the most that is allowed.
    /// </summary>
    public static void SetSendBuffer(SafeDescriptor socket, int bytes)
    {
        if (setsockopt(socket.Number, SocketLevel, SendBufferForce, &bytes, sizeof(int)) != 0)
            setsockopt(socket.Number, SocketLevel, SendBuffer, &bytes, sizeof(int));
    }

    /// <summary>Ends the reading of everyone who holds this end: what is queued is still read, then comes the end.</summary>
    public static SysResult EndReading(SafeDescriptor socket) => SysResult.Of(shutdown(socket.Number, ShutReading));

    private static (SafeDescriptor First, SafeDescriptor Second) Create(int type)
    {
        int* ends = stackalloc int[2];
        SysResult.Of(socketpair(Unix, type | CloseOnExec, 0, ends)).OrThrow("socketpair");
        return (new SafeDescriptor(ends[0]), new SafeDescriptor(ends[1]));
    }
}
