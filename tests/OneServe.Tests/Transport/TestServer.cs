using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OneServe.Posix;
using OneServe.Transport;

namespace OneServe.Tests.Transport;

/// <summary>Kestrel with a small application over the transport, on a free loopback port.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly KestrelServer _kestrel;
    private readonly EventLoop[] _loops;

    private TestServer(KestrelServer kestrel, EpollTransport transport, EventLoop[] loops, int port)
    {
        _kestrel = kestrel;
        _loops = loops;
        Transport = transport;
        Port = port;
    }

    public EpollTransport Transport { get; }

    public int Port { get; }

    public List<Exception> Failures { get; } = [];

    public static async Task<TestServer> StartAsync(RequestHandler handler, Func<EventLoop[], EpollTransport>? create = null, int loops = 1)
    {
        var eventLoops = Enumerable.Range(0, loops).Select(i => new EventLoop("test loop " + i)).ToArray();
        var transport = create?.Invoke(eventLoops) ?? new EpollTransport(eventLoops);
        var kestrelOptions = new KestrelServerOptions { AddServerHeader = false };
        kestrelOptions.Limits.MinResponseDataRate = null;
        kestrelOptions.Listen(EpollTransport.EndPoint, listen => listen.Protocols = HttpProtocols.Http1);
        var kestrel = new KestrelServer(Options.Create(kestrelOptions), transport, NullLoggerFactory.Instance);
        var listener = Sockets.Listen(out int port);
        var server = new TestServer(kestrel, transport, eventLoops, port);
        foreach (var loop in eventLoops)
        {
            loop.HandlerFailed = server.Failures.Add;
            loop.Start();
        }
        await kestrel.StartAsync(new TestApplication(handler), default);
        transport.AddListener(1, listener, unix: false);
        return server;
    }

    public Socket Connect(int receiveBuffer = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 20_000, SendTimeout = 20_000 };
        if (receiveBuffer > 0)
            socket.ReceiveBufferSize = receiveBuffer;
        socket.Connect(IPAddress.Loopback, Port);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _kestrel.StopAsync(limit.Token);
        _kestrel.Dispose();
        foreach (var loop in _loops)
            loop.Stop();
        Failures.Should().BeEmpty();
    }
}

internal delegate Task RequestHandler(ClientConnection connection, IFeatureCollection request);

internal sealed class TestApplication(RequestHandler handler) : IHttpApplication<IFeatureCollection>
{
    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        var connection = context.Get<ClientConnection>()!;
        bool hasBody = context.Get<IHttpRequestBodyDetectionFeature>()!.CanHaveBody;
        connection.RequestStarted();
        try
        {
            await handler(connection, context);
        }
        finally
        {
            connection.RequestFinished(mayHibernate: !hasBody);
        }
    }
}
