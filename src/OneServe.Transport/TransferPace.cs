namespace OneServe.Transport;

/// <summary>How fast a client sends or takes what it is to send or take; looked at about once a second while it lasts.</summary>
public struct TransferPace
{
    /// <summary>Ms over which a rate is measured: a healthy client's kernel takes in lumps that last for half a minute at 10 KB/s.</summary>
    public const int Window = 60_000;

    private long _bytes;
    private long _lastProgress;
    private long _windowStart;
    private long _windowBytes;

    /// <summary>The transfer begins at the next look.</summary>
    public void Restart() => _windowStart = 0;

    /// <summary>True when nothing has come on for the time, or when less than the rate has in a whole window.</summary>
    /// <param name="now">Ms.</param>
    /// <param name="bytes">Transferred so far.</param>
    /// <param name="silence">Ms without any byte.</param>
    /// <param name="rate">Bytes a second; 0: any.</param>
    public bool IsTooSlow(long now, long bytes, long silence, long rate)
    {
        if (_windowStart == 0)
        {
            (_windowStart, _windowBytes) = (now, bytes);
            (_lastProgress, _bytes) = (now, bytes);
            return false;
        }
        if (bytes != _bytes)
            (_lastProgress, _bytes) = (now, bytes);
        if (now - _lastProgress > silence)
            return true;
        long time = now - _windowStart;
        if (time < Window)
            return false;
        bool isSlow = bytes - _windowBytes < rate * time / 1000;
        (_windowStart, _windowBytes) = (now, bytes);
        return isSlow;
    }
}
