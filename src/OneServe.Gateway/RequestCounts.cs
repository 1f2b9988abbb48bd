namespace OneServe.Gateway;

/// <summary>Requests that this gateway has answered. Any thread.</summary>
internal sealed class RequestCounts
{
    private long _all;
    private long _own;

    public long All => Volatile.Read(ref _all);

    /// <summary>Those that no worker has answered.</summary>
    public long Own => Volatile.Read(ref _own);

    /// <summary>Counts one; how many there have been.</summary>
    /// <param name="isWorkers">A worker has answered it.</param>
    public long Add(bool isWorkers)
    {
        if (!isWorkers)
            Interlocked.Increment(ref _own);
        return Interlocked.Increment(ref _all);
    }
}
