using System.Net;
using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>A socket that sends datagrams to one address. It is not connected, so that it finds whoever listens there anew.</summary>
public sealed unsafe partial class DatagramSocket : IDisposable
{
    private const int DatagramType = 2;          // SOCK_DGRAM
    private const int CloseOnExec = 0x80000;     // SOCK_CLOEXEC
    private const int SocketLevel = 1;           // SOL_SOCKET
    private const int SendTimeOut = 21;          // SO_SNDTIMEO

    private readonly byte[] _address;
    private readonly SafeDescriptor _socket;

    private DatagramSocket(int family, byte[] address)
    {
        _address = address;
        _socket = Open(family);
    }

    [LibraryImport("libc")]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc")]
    private static partial nint sendto(int descriptor, byte* bytes, nint length, int flags, byte* address, uint addressLength);

    [LibraryImport("libc")]
    private static partial int connect(int descriptor, byte* address, uint addressLength);

    [LibraryImport("libc")]
    private static partial int setsockopt(int descriptor, int level, int option, void* value, uint length);

    /// <summary>To a UNIX socket.</summary>
    /// <param name="name">Its path, or `@` and its abstract name.</param>
    public static DatagramSocket ToUnix(string name) => new(
        SocketAddress.Unix, name.StartsWith('@') ? SocketAddress.OfUnix(name[1..], isAbstract: true) : SocketAddress.OfUnix(name, isAbstract: false));

    /// <summary>To a UDP port.</summary>
    public static DatagramSocket ToInternet(IPEndPoint endpoint)
    {
        byte[] address = SocketAddress.Of(endpoint);
        return new DatagramSocket(address[0], address);
    }

    /// <summary>How long a receiver may take before a datagram is given up (EAGAIN).</summary>
    public void SetPatience(TimeSpan time)
    {
        long* value = stackalloc long[2];   // struct timeval
        value[0] = (long)time.TotalSeconds;
        value[1] = time.Microseconds + (1000 * time.Milliseconds);
        setsockopt(_socket.Number, SocketLevel, SendTimeOut, value, 2 * sizeof(long));
    }

    /// <summary>sendto(2), EINTR retried.</summary>
    public SysResult Send(ReadOnlySpan<byte> datagram)
    {
        fixed (byte* bytes = datagram, address = _address)
        {
            SysResult result;
            do
                result = SysResult.Of(sendto(_socket.Number, bytes, datagram.Length, 0, address, (uint)_address.Length));
            while (result.Errno == Errno.EINTR);
            return result;
        }
    }

    /// <summary>Whether somebody listens at a UNIX socket: connect(2) of another socket, which sends nothing.</summary>
    public SysResult Probe()
    {
        using var other = Open(_address[0]);
        fixed (byte* address = _address)
            return SysResult.Of(connect(other.Number, address, (uint)_address.Length));
    }

    public void Dispose() => _socket.Dispose();

    private static SafeDescriptor Open(int family) => new((int)SysResult.Of(socket(family, DatagramType | CloseOnExec, 0)).OrThrow("socket"));
}
