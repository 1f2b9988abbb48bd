namespace OneServe.Gateway.Http;

/// <summary>
/// The memory that request bodies may take together: thousands of requests can wait, and each may hold 64 KiB. What goes beyond it is put into
/// files. Loop thread only.
/// </summary>
internal sealed class BodyMemory(long limit)
{
    /// <summary>Bytes taken now.</summary>
    public long Taken { get; private set; }

    public bool TryTake(long bytes)
    {
        if (bytes > limit - Taken)
            return false;
        Taken += bytes;
        return true;
    }

    public void Return(long bytes) => Taken -= bytes;
}
