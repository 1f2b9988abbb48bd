using System.IO.Pipelines;
using OneServe.Posix;

namespace OneServe.Gateway.Http;

/// <summary>Sends a range of a file as a piece of a response's body: by sendfile where the bytes leave as they are, else by copying.</summary>
internal static class FileSender
{
    private const int CopySize = 64 * 1024;

    /// <summary>Completes when all but a few of the bytes are with the kernel, or the client has left. The caller holds the file.</summary>
    /// <returns>False: the client has left.</returns>
    /// <exception cref="IOException">The file ended before the range did.</exception>
    public static async ValueTask<bool> SendAsync(RequestContext context, SharedFile file, long offset, long length)
    {
        var writer = context.Response.Writer;
        // Chunks have their sizes between the bytes: sendfile needs a body of known length.
        if (context.Response.Headers.ContentLength is not null)
        {
            await context.Response.StartAsync();
            context.Connection.Output.SendFile(writer, file, offset, length);
            return !(await writer.FlushAsync()).IsCompleted;
        }
        while (length > 0)
        {
            var memory = writer.GetMemory(CopySize);
            int count = (int)PositionedReads.ReadAt(file.Number, memory.Span[..(int)Math.Min(memory.Length, length)], offset).OrThrow("pread");
            if (count == 0)
                throw new IOException("The file is shorter than it was.");
            writer.Advance(count);
            offset += count;
            length -= count;
            FlushResult flushed = await writer.FlushAsync();
            if (flushed.IsCompleted)
                return false;
        }
        return true;
    }
}
