using OneServe.Posix;
using Serilog;

namespace OneServe.Gateway.Logging;

/// <summary>Tells of peers that speak another protocol than their socket, or speak it wrong: nearly always a mistake in a configuration. Any thread.</summary>
internal sealed class MisdirectionReport(ILogger events, Func<long> now)
{
    private readonly Lock _gate = new();
    private readonly ReportInterval _interval = new(now);

    /// <param name="client">Who.</param>
    /// <param name="status">What he is answered.</param>
    /// <param name="reason">What is wrong, and how it is cured.</param>
    public void Add(in SocketName client, int status, string reason)
    {
        long count;
        lock (_gate)
        {
            if (!_interval.Count(out count))
                return;
        }
        string peer = client.IsInternet ? client.ToString() : "a UNIX socket's peer";
        events.Warning("{Count} connections refused, the last one of {Peer} with {Status}: {Reason}", count, peer, status, reason);
    }
}
