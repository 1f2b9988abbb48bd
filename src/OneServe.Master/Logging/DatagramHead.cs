using System.Globalization;
using System.Text;
using OneServe.Posix;

namespace OneServe.Master.Logging;

/// <summary>What stands before a line in its datagram: a text as it is, or what RFC 3164 asks for.</summary>
internal sealed class DatagramHead
{
    /// <summary>Bytes.</summary>
    public const int Longest = 512;

    private readonly byte[] _before;
    private readonly byte[] _behind;

    private DatagramHead(string before, string behind, bool isSyslog)
    {
        (_before, _behind, IsSyslog) = (Cut(before), Cut(behind), isSyslog);
    }

    /// <summary>A syslog line has no newline.</summary>
    public bool IsSyslog { get; }

    public static DatagramHead Text(string text) => new(text, "", isSyslog: false);

    /// <summary>`&lt;PRI&gt;Mmm dd hh:mm:ss PROGRAM: ` (RFC 3164, 4.1).</summary>
    /// <param name="priority">Facility × 8 + severity.</param>
    /// <param name="program">The program's name; the machine's may stand before it.</param>
    public static DatagramHead Syslog(int priority, string program)
        => new(string.Create(CultureInfo.InvariantCulture, $"<{priority}>"), $" {program}: ", isSyslog: true);

    /// <summary>Writes it; returns its length.</summary>
    public int Write(Span<byte> to)
    {
        _before.CopyTo(to);
        int length = _before.Length;
        if (IsSyslog)
            length += LocalTime.Format(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), "%b %e %H:%M:%S\0"u8, to[length..]);
        _behind.CopyTo(to[length..]);
        return length + _behind.Length;
    }

    private static byte[] Cut(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length <= Longest / 3 ? bytes : bytes[..(Longest / 3)];
    }
}
