using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OneServe.Posix;

/// <summary>Socket addresses as the kernel reads and writes them (sockaddr_in, sockaddr_in6, sockaddr_un).</summary>
internal static class SocketAddress
{
    public const int Unix = 1;   // AF_UNIX
    public const int Inet = 2;   // AF_INET
    public const int Inet6 = 10; // AF_INET6

    public static byte[] Of(IPEndPoint endpoint)
    {
        bool six = endpoint.AddressFamily == AddressFamily.InterNetworkV6;
        byte[] bytes = new byte[six ? 28 : 16];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(six ? Inet6 : Inet));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)endpoint.Port);
        endpoint.Address.TryWriteBytes(bytes.AsSpan(six ? 8 : 4), out _);
        if (six)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(24), (uint)endpoint.Address.ScopeId);
        return bytes;
    }

    /// <summary>A path ends with a zero; an abstract name begins with one and is as long as the address says.</summary>
    public static byte[] OfUnix(string name, bool isAbstract)
    {
        byte[] text = Encoding.UTF8.GetBytes(name);
        byte[] bytes = new byte[2 + 1 + text.Length];
        bytes[0] = Unix;
        text.CopyTo(bytes, isAbstract ? 3 : 2);
        return bytes;
    }

    /// <summary>An internet address; null for other families.</summary>
    public static IPEndPoint? EndPoint(ReadOnlySpan<byte> address)
    {
        int family = Family(address);
        if ((family != Inet || address.Length < 8) && (family != Inet6 || address.Length < 28))
            return null;
        int port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        return family == Inet
            ? new IPEndPoint(new IPAddress(address[4..8]), port)
            : new IPEndPoint(new IPAddress(address[8..24], BinaryPrimitives.ReadUInt32LittleEndian(address[24..])), port);
    }

    /// <summary>The path or the abstract name of a UNIX socket; neither for one that is not bound, and for other families.</summary>
    public static (string? Path, string? AbstractName) UnixName(ReadOnlySpan<byte> address)
    {
        if (Family(address) != Unix || address.Length < 3)
            return (null, null);
        var name = address[2..];
        if (name[0] == 0)
            return (null, Encoding.UTF8.GetString(name[1..]));
        int end = name.IndexOf((byte)0);
        return (Encoding.UTF8.GetString(end < 0 ? name : name[..end]), null);
    }

    private static int Family(ReadOnlySpan<byte> address) => address.Length < 2 ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(address);
}
