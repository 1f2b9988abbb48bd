using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace OneServe.Transport;

/// <summary>Kestrel's view of the transport: a stream of accepted connections.</summary>
internal sealed class ConnectionListener(EpollTransport transport, EndPoint endPoint, ChannelReader<ClientConnection> accepted) : IConnectionListener
{
    public EndPoint EndPoint { get; } = endPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await accepted.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (accepted.TryRead(out var connection))
                return connection;
        }
        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => new(transport.UnbindAsync());

    public ValueTask DisposeAsync() => new(transport.DisposeAsync());
}
