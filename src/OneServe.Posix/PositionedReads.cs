using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>Reading at an offset: the descriptor's own position, which other users of it may share, is left alone.</summary>
public static unsafe partial class PositionedReads
{
    private const int NoWait = 8; // RWF_NOWAIT

    [LibraryImport("libc")]
    private static partial nint pread(int descriptor, byte* buffer, nint length, long offset);

    [LibraryImport("libc")]
    private static partial nint preadv2(int descriptor, IoVector* vectors, int count, long offset, int flags);

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

    /// <summary>
    /// preadv2(2) with RWF_NOWAIT: only what is in the page cache. EAGAIN when the first byte is not; EOPNOTSUPP where the file system cannot tell.
    /// </summary>
    public static SysResult ReadCached(int descriptor, Span<byte> buffer, long offset)
    {
        fixed (byte* p = buffer)
        {
            var vector = new IoVector { Base = p, Length = buffer.Length };
            SysResult result;
            do
                result = SysResult.Of(preadv2(descriptor, &vector, 1, offset, NoWait));
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
