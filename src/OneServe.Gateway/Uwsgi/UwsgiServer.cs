using System.Buffers;
using OneServe.Gateway.Http;
using OneServe.Transport;
using Serilog;

namespace OneServe.Gateway.Uwsgi;

/// <summary>
/// Serves the connections of uwsgi sockets, beside Kestrel and on the same transport: one request each, by the same application.
/// </summary>
internal sealed class UwsgiServer(GatewayApplication application, ILogger events)
{
    private int _active;
    private int _isApplicationTold;

    /// <summary>Requests in work.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Serves a connection from its first byte to its end. Called on its loop.</summary>
    public async void Serve(ClientConnection connection)
    {
        try
        {
            // The filter lets whole packets through. Nothing: the peer has left, was refused, or says nothing and its connection is to hibernate.
            var read = await connection.Transport.Input.ReadAsync();
            if (!read.Buffer.IsEmpty)
                await Answer(connection, Take(connection, read.Buffer));
        }
        catch (Exception error)
        {
            // What is wrong with a body ends here too, when its sender has left.
            if (!connection.IsBroken && !connection.IsHalfClosed)
                connection.Loop.HandlerFailed?.Invoke(error);
            connection.Reset();
        }
        await connection.DisposeAsync();
    }

    private PacketVariables Take(ClientConnection connection, ReadOnlySequence<byte> bytes)
    {
        var first = bytes.FirstSpan;
        int length = UwsgiPacket.HeadSize + UwsgiPacket.SizeOf(first);
        var variables = new PacketVariables(first[..length], connection.Client);
        connection.Transport.Input.AdvanceTo(bytes.GetPosition(length));
        if (variables.HasApplication && Interlocked.Exchange(ref _isApplicationTold, 1) == 0)
        {
            events.Warning("The server in front names an application (UWSGI_MODULE, UWSGI_SCRIPT or UWSGI_FILE), which has no effect here: "
                + "the one that is configured serves. Remove the `uwsgi_param`, or name the application with `module` or `mount`");
        }
        return variables;
    }

    private async Task Answer(ClientConnection connection, PacketVariables variables)
    {
        var exchange = new UwsgiExchange(connection, variables);
        var context = application.CreateContext(exchange);
        Interlocked.Increment(ref _active);
        try
        {
            await application.ProcessRequestAsync(context);
            exchange.End();
        }
        finally
        {
            application.DisposeContext(context, exception: null);
            Interlocked.Decrement(ref _active);
        }
    }
}
