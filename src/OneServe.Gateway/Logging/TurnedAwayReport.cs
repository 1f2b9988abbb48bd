using OneServe.Posix;
using Serilog;

namespace OneServe.Gateway.Logging;

/// <summary>Tells of clients that found no place.</summary>
internal sealed class TurnedAwayReport(ILogger events, Func<long> now)
{
    private readonly ReportInterval _interval = new(now);

    public void Add(SocketName client, bool isAddressFull)
    {
        if (!_interval.Count(out long count))
            return;
        if (isAddressFull)
            events.Warning("{Count} connections turned away with 503: {Client} has `max-connections-per-address` open", count, client.ToString());
        else
            events.Warning("{Count} connections turned away with 503: `max-connections` are open", count);
    }
}
