using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>A slice of a file on its way from the disk into the page cache, on a thread of the pool; its connection goes on when it is there.</summary>
internal sealed class ColdSlice(ClientConnection connection, SharedFile file, long offset, long length) : IThreadPoolWorkItem
{
    void IThreadPoolWorkItem.Execute()
    {
        FileSlice.Fetch(file, offset, length);
        file.Release();
        connection.Loop.Post(static connection => ((ClientConnection)connection!).Output.SliceFetched(), connection);
    }
}
