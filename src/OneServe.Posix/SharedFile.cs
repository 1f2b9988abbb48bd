namespace OneServe.Posix;

/// <summary>An open file that several owners hold: closed when the last of them lets go. The creator is the first owner.</summary>
public sealed class SharedFile(int descriptor)
{
    private int _holders = 1;

    /// <summary>The descriptor; valid while the caller holds the file.</summary>
    public int Number { get; } = descriptor;

    /// <summary>Becomes one more owner; false when the file has been closed already.</summary>
    public bool TryHold()
    {
        int holders = Volatile.Read(ref _holders);
        while (holders > 0)
        {
            int seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders)
                return true;
            holders = seen;
        }
        return false;
    }

    /// <summary>Lets go; every successful hold, the creator's included, once.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
            Descriptors.Close(Number);
    }
}
