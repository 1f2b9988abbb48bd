using System.Buffers;
using System.Buffers.Binary;

namespace OneServe.Gateway.Uwsgi;

/// <summary>
/// The form of a request in the uwsgi protocol: a head of four bytes (first modifier, size of what follows, second modifier) and the variables
/// (<see cref="VariableReader"/>). A body of CONTENT_LENGTH bytes comes behind it.
/// </summary>
public static class UwsgiPacket
{
    /// <summary>Bytes of the head.</summary>
    public const int HeadSize = 4;

    /// <summary>First modifier: a request for the application.</summary>
    public const byte Wsgi = 0;

    /// <summary>First modifier: so too, and SCRIPT_NAME is to be taken off PATH_INFO.</summary>
    public const byte ManagePathInfo = 30;

    /// <summary>First modifier: is somebody there?</summary>
    public const byte Ping = 100;

    /// <summary>Variables of one request.</summary>
    public const int MaximumVariables = 1024;

    private const int MaximumLengthDigits = 18;

    /// <summary>RFC 9110, 5.6.2: token.</summary>
    private static readonly SearchValues<byte> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Bytes behind the head.</summary>
    public static int SizeOf(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt16LittleEndian(packet[1..]);

    /// <summary>Checks what has come of a packet.</summary>
    /// <param name="bytes">What has come; what stands behind the packet is not looked at.</param>
    /// <param name="limit">Bytes that the variables may have.</param>
    /// <param name="isComplete">Without a fault: the packet is there as a whole.</param>
    public static UwsgiFault Check(ReadOnlySpan<byte> bytes, int limit, out bool isComplete)
    {
        isComplete = false;
        if (bytes.Length < HeadSize)
            return UwsgiFault.None;
        int size = SizeOf(bytes);
        var fault = CheckHead(bytes[..HeadSize], size, limit);
        if (fault != UwsgiFault.None || bytes.Length < HeadSize + size)
            return fault;
        isComplete = true;
        return CheckVariables(bytes.Slice(HeadSize, size));
    }

    private static UwsgiFault CheckHead(ReadOnlySpan<byte> head, int size, int limit)
    {
        switch (head[0])
        {
            case Wsgi or ManagePathInfo:
                return size > limit ? UwsgiFault.TooLarge : size == 0 ? UwsgiFault.Empty : UwsgiFault.None;
            case Ping:
                return UwsgiFault.Ping;
            case >= (byte)'A' and <= (byte)'Z' when !head.ContainsAnyExceptInRange((byte)'A', (byte)'Z') || head is [_, _, _, (byte)' ']:
                return UwsgiFault.Http;
            case 0x16 when head[1] == 3: // a TLS record (RFC 8446, 5.1)
                return UwsgiFault.Tls;
            default:
                return UwsgiFault.Modifier;
        }
    }

    private static UwsgiFault CheckVariables(ReadOnlySpan<byte> variables)
    {
        var reader = new VariableReader(variables);
        bool hasMethod = false;
        for (int count = 0; reader.TryRead(out var name, out var value); count++)
        {
            if (name.IsEmpty)
                return UwsgiFault.EmptyKey;
            if (count == MaximumVariables)
                return UwsgiFault.TooLarge;
            if (name.Contains((byte)0))
                return UwsgiFault.Nul;
            switch (name.Length)
            {
                case 9 when name.SequenceEqual("PATH_INFO"u8) && value.Contains((byte)0):
                    return UwsgiFault.Nul;
                case 14 when name.SequenceEqual("REQUEST_METHOD"u8):
                    if (value.IsEmpty || value.ContainsAnyExcept(Token))
                        return UwsgiFault.Method;
                    hasMethod = true;
                    break;
                case 14 when name.SequenceEqual("CONTENT_LENGTH"u8):
                    // Empty where there is no body: so nginx sends it.
                    if (value.Length > MaximumLengthDigits || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
                        return UwsgiFault.ContentLength;
                    break;
            }
        }
        return !reader.AtEnd ? UwsgiFault.Bounds : hasMethod ? UwsgiFault.None : UwsgiFault.Method;
    }
}
