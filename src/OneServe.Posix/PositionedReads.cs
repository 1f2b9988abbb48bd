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
}
