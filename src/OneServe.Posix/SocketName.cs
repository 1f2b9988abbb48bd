using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>One end of a socket: address and port of TCP, nothing for UNIX sockets. Small, so that idle connections can keep it.</summary>
public readonly unsafe partial struct SocketName
{
    /// <summary>sizeof(struct sockaddr_storage).</summary>
    public const int MaximumLength = 128;

    private const int Inet = 2;
    private const int Inet6 = 10;
    private const int InetLength = 8;   // family, port, four bytes of address
    private const int Inet6Length = 24; // family, port, flow, sixteen bytes of address

    private readonly UInt128 _address;
    private readonly ushort _family;
    private readonly ushort _port;

    private SocketName(ushort family, ushort port, UInt128 address)
    {
        _family = family;
        _port = port;
        _address = address;
    }

    [LibraryImport("libc"), SuppressGCTransition]
    private static partial int getsockname(int descriptor, byte* name, uint* length);

    [LibraryImport("libc"), SuppressGCTransition]
    private static partial int getpeername(int descriptor, byte* name, uint* length);

    /// <summary>A name of four or sixteen bytes of address in network order, as a protocol tells it.</summary>
    public static SocketName Of(ReadOnlySpan<byte> address, ushort port) => address.Length == sizeof(uint)
        ? new SocketName(Inet, port, BinaryPrimitives.ReadUInt32BigEndian(address))
        : new SocketName(Inet6, port, BinaryPrimitives.ReadUInt128BigEndian(address));

    /// <summary>The port; 0 for UNIX sockets.</summary>
    public int Port => _port;

    /// <summary>The address as a number: the same client has the same one, through an IPv4 and a dual-stack listener too. 0 for UNIX sockets.</summary>
    public UInt128 Address => _family == Inet ? _address | (UInt128)0xFFFF << 32 : _address;

    /// <summary>True for an IPv4 or IPv6 address.</summary>
    public bool IsInternet => _family is Inet or Inet6;

    /// <summary>Our end; empty when the call fails.</summary>
    public static SocketName OfLocal(int descriptor)
    {
        byte* name = stackalloc byte[MaximumLength];
        uint length = MaximumLength;
        return getsockname(descriptor, name, &length) == 0 ? Parse(name, length) : default;
    }

    /// <summary>The other end; empty when it has gone.</summary>
    public static SocketName OfPeer(int descriptor)
    {
        byte* name = stackalloc byte[MaximumLength];
        uint length = MaximumLength;
        return getpeername(descriptor, name, &length) == 0 ? Parse(name, length) : default;
    }

    /// <summary>Reads a struct sockaddr; what is no internet address becomes the empty name.</summary>
    public static SocketName Parse(byte* name, uint length)
    {
        var bytes = new ReadOnlySpan<byte>(name, (int)Math.Min(length, MaximumLength));
        if (bytes.Length < InetLength)
            return default;
        ushort family = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return family switch
        {
            Inet => new SocketName(Inet, port, BinaryPrimitives.ReadUInt32BigEndian(bytes[4..])),
            Inet6 when bytes.Length >= Inet6Length => new SocketName(Inet6, port, BinaryPrimitives.ReadUInt128BigEndian(bytes[8..])),
            _ => default,
        };
    }

    /// <summary>The address without the port; "" for UNIX sockets. An IPv4 client of a dual-stack socket is shown as IPv4.</summary>
    public override string ToString()
    {
        if (!IsInternet)
            return "";
        bool four = _family == Inet || _address >> 32 == 0xFFFF;
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _address);
        return new IPAddress(four ? bytes[12..] : bytes).ToString();
    }
}
