using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using OneServe.Transport;

namespace OneServe.Tests.Transport;

/// <summary>The transport without HTTP: connected pairs go in, connections come out.</summary>
internal sealed class TransportFixture : IAsyncDisposable
{
    private readonly EventLoop _loop = new("test loop");
    private readonly IConnectionListener _listener;

    public TransportFixture(Func<EventLoop, EpollTransport>? create = null)
    {
        Transport = create?.Invoke(_loop) ?? new EpollTransport(_loop);
        _loop.HandlerFailed = Failures.Add;
        _loop.Start();
        _listener = Transport.BindAsync(EpollTransport.EndPoint).AsTask().Result;
    }

    public EpollTransport Transport { get; }

    public EventLoop Loop => _loop;

    public List<Exception> Failures { get; } = [];

    public async Task<(ClientConnection Connection, Socket Client)> ConnectAsync(bool unix)
    {
        var (server, client) = Sockets.Pair(unix);
        _loop.Post(_ => Transport.Admit(server, default, 1, Transport.Http), null);
        var connection = await _listener.AcceptAsync();
        return ((ClientConnection)connection!, client);
    }

    /// <summary>Runs the code on the loop's thread.</summary>
    public Task OnLoop(Func<Task> action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(async void (_) =>
        {
            try
            {
                await action();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }, null);
        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.UnbindAsync();
        await _listener.DisposeAsync();
        await Poll.Until(() => Transport.OpenConnections == 0, "all connections closed");
        _loop.Stop();
        Failures.Should().BeEmpty();
    }
}
