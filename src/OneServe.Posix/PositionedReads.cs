using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>Reading at an offset: the descriptor's own position, which other users of it may share, is left alone.</summary>
public static unsafe partial class PositionedReads
{
    [LibraryImport("libc")]
    private static partial nint pread(int descriptor, byte* buffer, nint length, long offset);

    /// <summary>pread(2), EINTR retried; may read less than asked.</summary>
    public static SysResult ReadAt(int descriptor, Span<byte> buffer, long offset)
    {
        fixed (byte* p = buffer)
        {
            SysResult result;
            do
                result = SysResult.Of(pread(descriptor, p, buffer.Length, offset));
            while (result.Errno == Errno.EINTR);
            return result;
        }
    }

    /// <summary>All of a file, whatever the position of its descriptor.</summary>
    /// <exception cref="SystemCallException">It cannot be read.</exception>
    public static byte[] ReadAll(int descriptor)
    {
        byte[] bytes = new byte[4096];
        int length = 0;
        while (true)
        {
            int count = (int)ReadAt(descriptor, bytes.AsSpan(length), length).OrThrow("pread");
            if (count == 0)
                return bytes[..length];
            length += count;
            if (length == bytes.Length)
                Array.Resize(ref bytes, length * 2);
        }
    }
}
