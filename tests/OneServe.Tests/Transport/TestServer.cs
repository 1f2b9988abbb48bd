using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OneServe.Transport;

namespace OneServe.Tests.Transport;

/// <summary>Kestrel with <see cref="TestApplication"/> over the transport, on a free loopback port.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly KestrelServer _kestrel;
    private readonly EventLoop[] _loops;

    private TestServer(KestrelServer kestrel, EpollTransport transport, EventLoop[] loops)
    {
        _kestrel = kestrel;
        _loops = loops;
        Transport = transport;
    }

    public EpollTransport Transport { get; }

    public TestApplication Application { get; } = new();

    public int Port { get; private set; }

    public IReadOnlyList<EventLoop> Loops => _loops;

    public List<Exception> Failures { get; } = [];

    public static async Task<TestServer> StartAsync(Func<EventLoop[], EpollTransport>? create = null, int loops = 1)
    {
        var eventLoops = Enumerable.Range(0, loops).Select(i => new EventLoop("test loop " + i)).ToArray();
        var transport = create?.Invoke(eventLoops) ?? new EpollTransport(eventLoops);
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MinResponseDataRate = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Listen(EpollTransport.EndPoint, listen => listen.Protocols = HttpProtocols.Http1);
        var kestrel = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
        var server = new TestServer(kestrel, transport, eventLoops);
        foreach (var loop in eventLoops)
        {
            loop.HandlerFailed = server.Failures.Add;
            loop.Start();
        }
        await kestrel.StartAsync(server.Application, default);
        server.Port = server.Listen(1);
        return server;
    }

    /// <summary>Adds a listening socket; its port.</summary>
    public int Listen(int id)
    {
        Transport.AddListener(id, Sockets.Listen(out int port), unix: false);
        return port;
    }

    /// <summary>Waits until the accepting loop has finished what it is doing.</summary>
    public Task LoopTurn()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _loops[0].Post(_ => done.SetResult(), null);
        return done.Task;
    }

    public HttpClientSocket Connect(int port = 0, int receiveBuffer = 0)
    {
        var socket = Sockets.Configure(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        if (receiveBuffer > 0)
            socket.ReceiveBufferSize = receiveBuffer;
        socket.Connect(IPAddress.Loopback, port == 0 ? Port : port);
        return new HttpClientSocket(socket);
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _kestrel.StopAsync(limit.Token);
        _kestrel.Dispose();
        await Poll.Until(() => Transport.OpenConnections == 0, "all connections closed");
        foreach (var loop in _loops)
            loop.Stop();
        Application.Dispose();
        Application.File.Shared.TryHold().Should().BeFalse("every response has let go of the file");
        Failures.Should().BeEmpty();
    }
}
