namespace OneServe.Posix;

/// <summary>
/// An open file with several users on any threads: the descriptor is closed when the last of them has let go.
/// </summary>
/// <remarks>
/// The creator owns the first hold. A response that is being sent owns another, so a file that is replaced, deleted or dropped from a cache
/// meanwhile is still sent whole. There is no finalizer: a hold that is never released leaks the descriptor.
/// </remarks>
/// <param name="descriptor">An open descriptor; this object closes it from now on.</param>
/// <param name="contents">What the file held when its length was promised to somebody; null: its users do not mind if it changes.</param>
public sealed class SharedFile(int descriptor, FileContents? contents = null)
{
    private int _holds = 1;

    /// <summary>The descriptor's number, valid while the caller has a hold.</summary>
    public int Number { get; } = descriptor;

    /// <summary>True when the file was seen to have been written to in place since it was opened. The caller has a hold.</summary>
    public bool HasChanged => contents is { } expected && (FileStatusCalls.Read(Number, out var status).IsError || new FileContents(status) != expected);

    /// <summary>Adds a hold; false when the last one is gone already and the descriptor with it.</summary>
    public bool TryHold()
    {
        int holds = Volatile.Read(ref _holds);
        while (holds > 0)
        {
            int seen = Interlocked.CompareExchange(ref _holds, holds + 1, holds);
            if (seen == holds)
                return true;
            holds = seen;
        }
        return false;
    }

    /// <summary>Gives one hold back; the last one closes the descriptor.</summary>
    /// <exception cref="InvalidOperationException">More holds were given back than taken: the number may be another file's by now.</exception>
    public void Release()
    {
        int left = Interlocked.Decrement(ref _holds);
        if (left == 0)
            Descriptors.Close(Number);
        else if (left < 0)
            throw new InvalidOperationException("The file was released more often than it was held.");
    }
}
