using OneServe.Posix;

namespace OneServe.StaticFiles;

/// <summary>
/// Makes a representation of an open file: the bytes in memory when they are few, else the descriptor. The only place that reads contents.
/// </summary>
/// <param name="smallFile">Files of at most this many bytes are read into memory.</param>
internal sealed class RepresentationLoader(int smallFile)
{
    private const int Attempts = 3;

    /// <summary>Takes the descriptor over, whatever happens.</summary>
    /// <param name="descriptor">The open file.</param>
    /// <param name="coding">What its bytes are.</param>
    /// <param name="mayWait">Whether bytes may be fetched from a disk.</param>
    /// <param name="representation">The result when found, else null.</param>
    /// <returns>Found, Missing when it is no regular file, or Cold when it would have to wait and must not.</returns>
    public ResolutionKind TryLoad(int descriptor, ContentCoding coding, bool mayWait, out StaticRepresentation? representation)
    {
        representation = null;
        using var opened = new SafeDescriptor(descriptor);
        if (FileStatusCalls.Read(descriptor, out var status).IsError || !status.IsRegular)
            return ResolutionKind.Missing;
        for (int attempt = 0; attempt < Attempts && status.Size <= smallFile; attempt++)
        {
            if (TryReadAll(descriptor, (int)status.Size, mayWait, out bool isCold) is { } bytes
                && !FileStatusCalls.Read(descriptor, out var after).IsError
                && after == status)
            {
                representation = new StaticRepresentation(coding, status, bytes);
                return ResolutionKind.Found;
            }
            if (isCold)
                return ResolutionKind.Cold;
            // It is being written in place: what was read may be half of the old and half of the new.
            if (FileStatusCalls.Read(descriptor, out status).IsError)
                return ResolutionKind.Missing;
        }
        representation = new StaticRepresentation(coding, status, new SharedFile(opened.Detach(), new FileContents(status)));
        return ResolutionKind.Found;
    }

    private static byte[]? TryReadAll(int descriptor, int size, bool mayWait, out bool isCold)
    {
        isCold = false;
        byte[] bytes = GC.AllocateUninitializedArray<byte>(size, pinned: true);
        for (int done = 0; done < size;)
        {
            var rest = bytes.AsSpan(done);
            var read = mayWait ? PositionedReads.ReadAt(descriptor, rest, done) : PositionedReads.ReadCached(descriptor, rest, done);
            // File systems that cannot tell (EOPNOTSUPP) may be at the other end of a network.
            isCold = !mayWait && read.Errno is Errno.EAGAIN or Errno.EOPNOTSUPP;
            if (read.Value <= 0)
                return null;
            done += read.Int;
        }
        return bytes;
    }
}
