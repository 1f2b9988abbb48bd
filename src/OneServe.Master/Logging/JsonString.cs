using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace OneServe.Master.Logging;

/// <summary>Text as the inside of a JSON string (RFC 8259, 7): what it must escape and no more; bytes that are no UTF-8 become U+FFFD.</summary>
internal static class JsonString
{
    private const byte LastControl = 0x1F;

    public static void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> to)
    {
        var valid = Utf8.IsValid(text) ? text : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text));
        while (!valid.IsEmpty)
        {
            int plain = 0;
            while (plain < valid.Length && valid[plain] > LastControl && valid[plain] is not (byte)'"' and not (byte)'\\')
                plain++;
            to.Write(valid[..plain]);
            if (plain == valid.Length)
                return;
            Escape(valid[plain], to);
            valid = valid[(plain + 1)..];
        }
    }

    private static void Escape(byte octet, IBufferWriter<byte> to)
    {
        const string Digits = "0123456789abcdef";
        switch (octet)
        {
            case (byte)'"':
                to.Write("\\\""u8);
                break;
            case (byte)'\\':
                to.Write("\\\\"u8);
                break;
            case (byte)'\n':
                to.Write("\\n"u8);
                break;
            case (byte)'\r':
                to.Write("\\r"u8);
                break;
            case (byte)'\t':
                to.Write("\\t"u8);
                break;
            default:
                to.Write([(byte)'\\', (byte)'u', (byte)'0', (byte)'0', (byte)Digits[octet >> 4], (byte)Digits[octet & 0xF]]);
                break;
        }
    }
}
