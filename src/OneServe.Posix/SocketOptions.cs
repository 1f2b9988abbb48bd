using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>Socket options that are numbers (socket(7), ipv6(7)).</summary>
public static unsafe partial class SocketOptions
{
    private const int SocketLevel = 1;   // SOL_SOCKET
    private const int TypeOption = 3;    // SO_TYPE
    private const int KeepAlive = 9;     // SO_KEEPALIVE
    private const int Accepts = 30;      // SO_ACCEPTCONN
    private const int ReuseAddress = 2;  // SO_REUSEADDR
    private const int ReusePort = 15;    // SO_REUSEPORT
    private const int Ipv6Level = 41;    // IPPROTO_IPV6
    private const int Ipv6Only = 26;     // IPV6_V6ONLY

    [LibraryImport("libc")]
    private static partial int getsockopt(int descriptor, int level, int option, int* value, uint* length);

    [LibraryImport("libc")]
    private static partial int setsockopt(int descriptor, int level, int option, int* value, uint length);

    /// <summary>SO_KEEPALIVE: the kernel asks silent peers whether they are still there. What a listening socket accepts has it too (Linux).</summary>
    public static SysResult SetKeepAlive(int descriptor, bool on) => Set(descriptor, SocketLevel, KeepAlive, on);

    /// <summary>SO_TYPE; ENOTSOCK for what is no socket.</summary>
    internal static SysResult GetKind(int descriptor) => Get(descriptor, SocketLevel, TypeOption);

    internal static bool IsListening(int descriptor) => Get(descriptor, SocketLevel, Accepts) is { IsError: false, Int: 1 };

    /// <summary>Takes IPv4 clients as well.</summary>
    internal static bool IsDualStack(int descriptor) => Get(descriptor, Ipv6Level, Ipv6Only) is { IsError: false, Int: 0 };

    internal static SysResult SetDualStack(int descriptor) => Set(descriptor, Ipv6Level, Ipv6Only, on: false);

    /// <summary>A port whose last connections have just ended can be bound again.</summary>
    internal static SysResult SetReuseAddress(int descriptor) => Set(descriptor, SocketLevel, ReuseAddress, on: true);

    /// <summary>Others that set it, of the same user, may listen there too.</summary>
    internal static SysResult SetReusePort(int descriptor) => Set(descriptor, SocketLevel, ReusePort, on: true);

    private static SysResult Get(int descriptor, int level, int option)
    {
        int value;
        uint length = sizeof(int);
        var result = SysResult.Of(getsockopt(descriptor, level, option, &value, &length));
        return result.IsError ? result : SysResult.Succeeded(value);
    }

    private static SysResult Set(int descriptor, int level, int option, bool on)
    {
        int value = on ? 1 : 0;
        return SysResult.Of(setsockopt(descriptor, level, option, &value, sizeof(int)));
    }
}
