namespace OneServe.Gateway.Logging;

/// <summary>For events that may come in thousands: they are told at once, then once in 10 s with their number.</summary>
internal sealed class ReportInterval(Func<long> now)
{
    private const int Milliseconds = 10_000;

    private long _next;
    private long _untold;

    /// <summary>Counts one. True: it is to be told now, with <paramref name="count"/> that have not been told.</summary>
    public bool Count(out long count)
    {
        count = ++_untold;
        if (now() < _next)
            return false;
        _next = now() + Milliseconds;
        _untold = 0;
        return true;
    }
}
