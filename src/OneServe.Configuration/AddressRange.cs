using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OneServe.Configuration;

/// <summary>Addresses with a common prefix (CIDR, RFC 4632). IPv4 is kept as IPv4-mapped IPv6 (RFC 4291, 2.5.5.2), so that one comparison does for both.</summary>
/// <param name="Network">The prefix; the bits behind it are zero.</param>
/// <param name="Mask">One bits for the prefix.</param>
public readonly record struct AddressRange(UInt128 Network, UInt128 Mask)
{
    private const int Bits = 128;
    private const int BitsBeforeIpv4 = 96;

    /// <summary>True for an address within the range.</summary>
    /// <param name="address">As a number; IPv4-mapped where it is one of IPv4.</param>
    public bool Contains(UInt128 address) => (address & Mask) == Network;

    /// <summary>An address, or one with `/LENGTH`. Bits behind the prefix are dropped.</summary>
    public static bool TryParse(string text, out AddressRange range)
    {
        range = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string address = slash < 0 ? text : text[..slash];
        if (!TryParse(address, out UInt128 number, out bool isIpv4))
        {
            return false;
        }

        int most = isIpv4 ? Bits - BitsBeforeIpv4 : Bits;
        int length = most;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > most))
        {
            return false;
        }

        length += isIpv4 ? BitsBeforeIpv4 : 0;
        UInt128 mask = length == 0 ? 0 : UInt128.MaxValue << (Bits - length);
        range = new AddressRange(number & mask, mask);
        return true;
    }

    private static bool TryParse(string text, out UInt128 number, out bool isIpv4)
    {
        number = default;
        isIpv4 = false;
        // "10.1" would be 10.0.0.1, "1" 0.0.0.1: nobody who writes an address today means that.
        if (!IPAddress.TryParse(text, out IPAddress? address) || text.Contains('%') || (!text.Contains(':') && text.Count(static c => c == '.') != 3))
        {
            return false;
        }

        isIpv4 = address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6;
        number = BinaryPrimitives.ReadUInt128BigEndian(address.MapToIPv6().GetAddressBytes());
        return true;
    }
}
