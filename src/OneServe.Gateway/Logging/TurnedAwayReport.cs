using OneServe.Posix;
using Serilog;

namespace OneServe.Gateway.Logging;

/// <summary>Tells of clients that found no place: at once, then once in a while with their number.</summary>
internal sealed class TurnedAwayReport(ILogger events, Func<long> now)
{
    private const int Interval = 10_000;

    private long _next;
    private long _untold;

    public void Add(SocketName client, bool isAddressFull)
    {
        _untold++;
        if (now() < _next)
            return;
        _next = now() + Interval;
        if (isAddressFull)
            events.Warning("{Count} connections turned away with 503: {Client} has `max-connections-per-address` open", _untold, client.ToString());
        else
            events.Warning("{Count} connections turned away with 503: `max-connections` are open", _untold);
        _untold = 0;
    }
}
