using OneServe.Posix;

namespace OneServe.StaticFiles;

/// <summary>
/// Makes a representation of an open file: the bytes in memory when they are few, else the descriptor. The only place that reads contents.
/// </summary>
/// <param name="smallFile">Files of at most this many bytes are read into memory.</param>
internal sealed class RepresentationLoader(int smallFile)
{
    private const int Attempts = 3;

    /// <summary>Takes the descriptor over, whatever happens; null when it is no regular file.</summary>
    public StaticRepresentation? Load(int descriptor, ContentCoding coding)
    {
        using var opened = new SafeDescriptor(descriptor);
        if (FileStatusCalls.Read(descriptor, out var status).IsError || !status.IsRegular)
            return null;
        for (int attempt = 0; attempt < Attempts && status.Size <= smallFile; attempt++)
        {
            if (TryReadAll(descriptor, (int)status.Size) is { } bytes
                && !FileStatusCalls.Read(descriptor, out var after).IsError
                && after == status)
                return new StaticRepresentation(coding, status, bytes);
            // It is being written in place: what was read may be half of the old and half of the new.
            if (FileStatusCalls.Read(descriptor, out status).IsError)
                return null;
        }
        return new StaticRepresentation(coding, status, new SharedFile(opened.Detach()));
    }

    private static byte[]? TryReadAll(int descriptor, int size)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(size, pinned: true);
        for (int done = 0; done < size;)
        {
            var read = PositionedReads.ReadAt(descriptor, bytes.AsSpan(done), done);
            if (read.Value <= 0)
                return null;
            done += read.Int;
        }
        return bytes;
    }
}
