using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>How the pieces of files leave: by sendfile(2), from the page cache alone.</summary>
internal static class FileSlice
{
    /// <summary>Read from the disk in one go for a slice that is not in memory: more than a socket takes at a time, little enough for a slow disk.</summary>
    private const int ReadAhead = 1 << 20;

    private const int BlockSize = 64 * 1024;

    [ThreadStatic]
    private static byte[]? _block;

    /// <summary>
    /// False when sendfile would wait for the disk, and the whole loop with it: the first or the last byte is not in the page cache. Where the file
    /// system cannot tell, it is believed to be there.
    /// </summary>
    public static bool IsCached(in OutputSegment segment, long length)
    {
        Span<byte> one = stackalloc byte[1];
        int file = segment.File!.Number;
        return PositionedReads.ReadCached(file, one, segment.Offset).Errno != Errno.EAGAIN
            && (length == 1 || PositionedReads.ReadCached(file, one, segment.Offset + length - 1).Errno != Errno.EAGAIN);
    }

    /// <summary>How many bytes <see cref="Fetch"/> brings in for a segment.</summary>
    public static long FetchLength(in OutputSegment segment) => Math.Min(segment.Length, ReadAhead);

    /// <summary>Reads bytes into the page cache and waits for them. Not on a loop.</summary>
    public static void Fetch(SharedFile file, long offset, long length)
    {
        byte[] block = _block ??= new byte[BlockSize];
        while (length > 0)
        {
            var read = PositionedReads.ReadAt(file.Number, block.AsSpan(0, (int)Math.Min(length, BlockSize)), offset);
            if (read.Value <= 0)
                return; // sendfile will say what is wrong
            offset += read.Value;
            length -= read.Value;
        }
    }
}
