using Microsoft.AspNetCore.Server.Kestrel.Core;
using OneServe.Application;
using OneServe.Configuration;
using OneServe.Transport;

namespace OneServe.Gateway;

/// <summary>Options that are set where all loops look: at the transport, the dispatcher, and Kestrel.</summary>
internal sealed class SettingsInForce(EpollTransport transport, Dispatcher dispatcher, KestrelServerLimits http)
{
    /// <summary>Puts them in force: the next request head is read under them.</summary>
    public void Set(ServerOptions options)
    {
        http.MaxRequestHeadersTotalSize = http.MaxRequestLineSize = options.HeadLimit;
        dispatcher.QueueLimit = options.QueueLimit;
        dispatcher.QueueTimeout = options.QueueTimeout;
        dispatcher.RequestTimeLimit = options.Workers.RequestTime;
        dispatcher.RetriesRequests = options.Workers.RetriesRequests;
        var clients = options.Clients;
        transport.HeadTimeout = clients.HeadTimeout;
        transport.SendTimeout = clients.Silence;
        // Without keep-alive it is the time for a first request.
        transport.KeepAliveTimeout = clients.KeepAlive > TimeSpan.Zero ? clients.KeepAlive : clients.HeadTimeout;
        transport.MinimumSendRate = clients.MinimumResponseRate;
        transport.MaxConnections = clients.MaxConnections;
        transport.MaxConnectionsPerAddress = clients.MaxConnectionsPerAddress;
    }
}
