using System.Runtime.InteropServices;
using System.Text;

namespace OneServe.Posix;

/// <summary>Local time in the forms of the C library (strftime(3)), whose letters users write in their configurations.</summary>
public static unsafe partial class LocalTime
{
    private const int BrokenDownSize = 128; // struct tm has 56 bytes in glibc

    [LibraryImport("libc")]
    private static partial byte* localtime_r(long* time, byte* brokenDown);

    [LibraryImport("libc")]
    private static partial nuint strftime(byte* to, nuint size, byte* form, byte* brokenDown);

    /// <summary>Writes a time; returns the bytes, 0 when it does not fit.</summary>
    /// <param name="seconds">Since 1970.</param>
    /// <param name="form">As strftime(3) has it.</param>
    public static int Format(long seconds, string form, Span<byte> to) => Format(seconds, Encoding.UTF8.GetBytes(form + '\0'), to);

    /// <summary>Writes a time; returns the bytes, 0 when it does not fit.</summary>
    /// <param name="seconds">Since 1970.</param>
    /// <param name="form">As strftime(3) has it, with a NUL byte at its end.</param>
    public static int Format(long seconds, ReadOnlySpan<byte> form, Span<byte> to)
    {
        FileStatusCalls.RequireTerminator(form);
        byte* brokenDown = stackalloc byte[BrokenDownSize];
        if (localtime_r(&seconds, brokenDown) == null)
            return 0;
        fixed (byte* p = to, f = form)
            return (int)strftime(p, (nuint)to.Length, f, brokenDown);
    }
}
