using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OneServe.Application;
using OneServe.Gateway.Http;
using OneServe.Gateway.Logging;
using OneServe.Posix;
using OneServe.Transport;
using Serilog;

namespace OneServe.Gateway;

/// <summary>The gateway's process: it owns every client's connection and outlives all Python.</summary>
public static class GatewayProcess
{
    private const int ControlDescriptor = 3;
    private const int StandardError = 2;

    /// <summary>Above the 60 s of common load balancers: who closes first must be the balancer, or it sends requests into a closing connection.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(75);

    /// <summary>Runs until the master says drain or ends. Returns the exit code.</summary>
    /// <param name="events">Where events for people go.</param>
    public static int Run(ILogger events)
    {
        using var control = new ControlSocket(new SafeDescriptor(ControlDescriptor));
        if (!TryReceiveShared(control, out var regions, out ulong epoch))
            return ExitCodes.MasterGone;

        using var log = new AccessLog(StandardError);
        var loop = new EventLoop { HandlerFailed = error => events.Error(error, "A connection was cut because its handling failed: a defect of this program") };
        var transport = new EpollTransport(loop)
        {
            KeepAliveTimeout = KeepAlive,
            AcceptFailed = errno => events.Warning("Connections wait: accepting fails ({Reason})", Errno.Describe(errno)),
        };
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Start();
        loop.Post(_ => Compose(control, regions, epoch, loop, transport, log, ended), null);
        ended.Task.Wait();
        return ExitCodes.Ended;
    }

    private static void Compose(
        ControlSocket socket, SharedRegions regions, ulong epoch, EventLoop loop, EpollTransport transport, AccessLog log, TaskCompletionSource ended)
    {
        var options = KestrelOptions();
        var observer = new GarbageReport();
        var services = new GatewayServices
        {
            Dispatcher = new Dispatcher(loop, regions, epoch, observer),
            AccessLog = log,
            HttpLimits = options.Limits,
            Now = () => loop.Now,
        };
        loop.Attach(new SiteKeeper(services));
        var server = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
        server.StartAsync(new GatewayApplication(services), CancellationToken.None).GetAwaiter().GetResult();
        var control = new GatewayControl(socket, loop, transport, services, new Drain(transport, services, () => server, ended));
        observer.Control = control;
        control.Start();
        control.Send("up");
    }

    private static KestrelServerOptions KestrelOptions()
    {
        var options = new KestrelServerOptions
        {
            AddServerHeader = false,
            // RFC 9112, 3.2.2: the host of an absolute target counts, whatever the field says.
            AllowHostHeaderOverride = true,
        };
        var limits = options.Limits;
        limits.MaxRequestHeadersTotalSize = limits.MaxRequestLineSize = Site.Empty.Options.HeadLimit;
        limits.MaxRequestHeaderCount = 256;
        limits.MaxRequestBodySize = null;
        limits.KeepAliveTimeout = KeepAlive;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(30);
        // Blind to bytes that leave by sendfile, it kills healthy slow readers; the transport has its own time-out for sending.
        limits.MinResponseDataRate = null;
        options.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        options.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        options.Listen(EpollTransport.EndPoint, listen => listen.Protocols = HttpProtocols.Http1);
        return options;
    }

    /// <summary>The first message is always `shared`: without it there is nothing to build on.</summary>
    private static bool TryReceiveShared(ControlSocket control, out SharedRegions regions, out ulong epoch)
    {
        regions = null!;
        epoch = 0;
        while (true)
        {
            switch (control.Receive(out var message))
            {
                case ReceiveStatus.Ended:
                    return false;
                case ReceiveStatus.Empty:
                    Polling.Wait([new PollEntry { Descriptor = control.Descriptor, Wanted = PollEvents.Readable }], timeout: -1);
                    continue;
            }
            if (message is not { Verb: "shared", Descriptors: [var board, var rings, var bodies, var wake] })
                return false;
            regions = new SharedRegions(board, rings, bodies, wake);
            epoch = (ulong)message.Number(0);
            return true;
        }
    }

    /// <summary>The dispatcher is made before the control channel that its reports go to.</summary>
    private sealed class GarbageReport : IDispatcherObserver
    {
        public IDispatcherObserver? Control { get; set; }

        public void WorkerSentGarbage(int line) => Control?.WorkerSentGarbage(line);
    }
}
