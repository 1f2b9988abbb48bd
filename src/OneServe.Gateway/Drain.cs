using Microsoft.AspNetCore.Server.Kestrel.Core;
using OneServe.Gateway.Uwsgi;
using OneServe.Transport;

namespace OneServe.Gateway;

/// <summary>
/// The polite end: nobody new is accepted, every answer says <c>Connection: close</c>, and only connections that have nothing to say are cut.
/// </summary>
/// <remarks>
/// Kestrel's StopAsync alone closes a connection in the instant between an answer and the next request of the same client: 256 of 917,000
/// requests were lost so. After <see cref="Polite"/> every busy client has been told by its answer; who has not asked since is idle.
/// </remarks>
internal sealed class Drain(EpollTransport transport, Sites sites, Func<KestrelServer> server, UwsgiServer uwsgi, TaskCompletionSource ended)
{
    private static readonly TimeSpan Polite = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    private bool _begun;

    /// <summary>Begins to drain; <paramref name="drained"/> is called on the loop when the last connection has ended or the time is over.</summary>
    public async void Begin(TimeSpan limit, Action drained)
    {
        if (_begun)
            return;
        _begun = true;
        long start = Environment.TickCount64;
        sites.EndConnections();
        transport.StopAccepting();
        while (transport.OpenConnections > 0 && Environment.TickCount64 - start < Math.Min(Polite.TotalMilliseconds, limit.TotalMilliseconds))
            await Task.Delay(Interval);

        var left = limit - TimeSpan.FromMilliseconds(Environment.TickCount64 - start);
        using var deadline = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        await server().StopAsync(deadline.Token);
        while (uwsgi.Active > 0 && !deadline.IsCancellationRequested)
            await Task.Delay(Interval);
        drained();
        ended.TrySetResult();
    }
}
