using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OneServe.Posix;
using OneServe.Transport;

namespace OneServe.Gateway.Http.Proxies;

/// <summary>The header of the PROXY protocol, version 1 (a line) or 2 (binary), as HAProxy's specification of 2020 has them.</summary>
internal sealed class ProxyPreface(Func<TrustedProxies> trusted, Func<SocketName, ReadOnlySpan<byte>, ReadOnlyMemory<byte>> refuse) : IConnectionPreface
{
    private const int LongestLine = 107;
    private const int BinaryHead = 16;
    private const int LongestBinary = 4096;
    private const int Ipv4Length = 12;
    private const int Ipv6Length = 36;
    private const byte Local = 0x20;
    private const byte Proxied = 0x21;
    private const byte TcpIpv4 = 0x11;
    private const byte TcpIpv6 = 0x21;
    private const int UnixFamily = 3;        // the last one: what comes after is to be refused
    private const int DatagramTransport = 2; // so
    private const byte SslRecord = 0x20;
    private const byte SslClient = 1;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    public bool IsExpectedFrom(in SocketName peer) => trusted() is { SpeakProxyProtocol: true } proxies && proxies.Contains(peer);

    public InputVerdict Examine(ReadOnlySpan<byte> bytes, out AnnouncedClient? announced, out int length)
    {
        announced = null;
        length = 0;
        if (bytes[0] == Signature[0])
            return ExamineBinary(bytes, out announced, out length);
        int shown = Math.Min(bytes.Length, 6);
        if (!bytes[..shown].SequenceEqual("PROXY "u8[..shown]))
            return InputVerdict.Refuse;
        int end = bytes.IndexOf("\r\n"u8);
        if (end < 0 || end + 2 > LongestLine)
            return bytes.Length < LongestLine ? InputVerdict.Incomplete : InputVerdict.Refuse;
        length = end + 2;
        return TryReadLine(Encoding.ASCII.GetString(bytes[..end]).Split(' '), out announced) ? InputVerdict.Pass : InputVerdict.Refuse;
    }

    public ReadOnlyMemory<byte> Refuse(in SocketName peer) => refuse(peer, "PROXY-PROTOCOL"u8);

    private static bool TryReadLine(string[] words, out AnnouncedClient? announced)
    {
        announced = null;
        if (words is ["PROXY", "UNKNOWN", ..])
            return true;
        if (words is not ["PROXY", "TCP4" or "TCP6", var client, var server, var clientPort, var serverPort])
            return false;
        var family = words[1] == "TCP4" ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        if (!TryName(client, clientPort, family, out var from) || !TryName(server, serverPort, family, out var to))
            return false;
        announced = new AnnouncedClient(from, to, IsSecure: false);
        return true;
    }

    /// <summary>Of the forms that are commonly understood (`127.1`, `0x7f000001`, `[::1]`, `fe80::1%eth0`, `080`) the specification knows one.</summary>
    private static bool TryName(string address, string port, AddressFamily family, out SocketName name)
    {
        name = default;
        if (!IPAddress.TryParse(address, out var parsed) || !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number))
            return false;
        bool isCommon = family == AddressFamily.InterNetwork ? parsed.ToString() == address : !address.AsSpan().ContainsAny('[', '%');
        if (parsed.AddressFamily != family || !isCommon || (port.Length > 1 && port[0] == '0'))
            return false;
        name = SocketName.Of(parsed.GetAddressBytes(), number);
        return true;
    }

    private static InputVerdict ExamineBinary(ReadOnlySpan<byte> bytes, out AnnouncedClient? announced, out int length)
    {
        announced = null;
        length = 0;
        int shown = Math.Min(bytes.Length, Signature.Length);
        if (!bytes[..shown].SequenceEqual(Signature[..shown]))
            return InputVerdict.Refuse;
        if (bytes.Length < BinaryHead)
            return InputVerdict.Incomplete;
        int rest = BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        if (rest > LongestBinary)
            return InputVerdict.Refuse;
        if (bytes.Length < BinaryHead + rest)
            return InputVerdict.Incomplete;
        length = BinaryHead + rest;
        var data = bytes.Slice(BinaryHead, rest);
        // LOCAL is a proxy's own health check; families and transports that are not TCP over IP say nothing that could be shown.
        if (bytes[12] == Local)
            return InputVerdict.Pass;
        if (bytes[12] != Proxied)
            return InputVerdict.Refuse;
        int addresses = bytes[13] switch
        {
            TcpIpv4 => Ipv4Length,
            TcpIpv6 => Ipv6Length,
            _ => 0,
        };
        if (addresses == 0)
            return bytes[13] >> 4 <= UnixFamily && (bytes[13] & 15) <= DatagramTransport ? InputVerdict.Pass : InputVerdict.Refuse;
        if (data.Length < addresses)
            return InputVerdict.Refuse;
        int size = (addresses - 4) / 2;
        announced = new AnnouncedClient(
            SocketName.Of(data[..size], BinaryPrimitives.ReadUInt16BigEndian(data[(2 * size)..])),
            SocketName.Of(data.Slice(size, size), BinaryPrimitives.ReadUInt16BigEndian(data[((2 * size) + 2)..])),
            IsSecure(data[addresses..]));
        return InputVerdict.Pass;
    }

    /// <summary>Looks for PP2_TYPE_SSL among the records behind the addresses.</summary>
    private static bool IsSecure(ReadOnlySpan<byte> records)
    {
        while (records.Length >= 3)
        {
            int size = BinaryPrimitives.ReadUInt16BigEndian(records[1..]);
            if (records.Length < 3 + size)
                return false;
            if (records[0] == SslRecord)
                return size > 0 && (records[3] & SslClient) != 0;
            records = records[(3 + size)..];
        }
        return false;
    }
}
