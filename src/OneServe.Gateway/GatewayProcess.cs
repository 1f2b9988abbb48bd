using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using OneServe.Application;
using OneServe.Gateway.Http;
using OneServe.Gateway.Http.Proxies;
using OneServe.Gateway.Logging;
using OneServe.Gateway.Uwsgi;
using OneServe.Posix;
using OneServe.Transport;
using Serilog;

namespace OneServe.Gateway;

/// <summary>The gateway's process: it owns every client's connection and outlives all Python.</summary>
public static class GatewayProcess
{
    private const int ControlDescriptor = 3;
    private const int AccessLogDescriptor = 4;

    /// <summary>Kestrel's own "infinite" overflows when it is added to the present time (9.0.20), and every idle connection is cut.</summary>
    private static readonly TimeSpan Never = TimeSpan.FromDays(1000);

    /// <summary>Runs until the master says drain or ends. Returns the exit code.</summary>
    /// <param name="openLog">Where events for people go, by the form of their date (`log-date`); null: nothing was said.</param>
    public static int Run(Func<string?, ILogger> openLog)
    {
        using var control = new ControlSocket(new SafeDescriptor(ControlDescriptor));
        if (!TryReceiveShared(control, out var regions, out ulong epoch, out int loopCount, out string? date))
            return ExitCodes.MasterGone;
        var events = openLog(date);

        using var log = new AccessLog(AccessLogDescriptor);
        // Trailers are read by Kestrel alone: LF without CR ends a line there unless it is told otherwise.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        var loops = new EventLoop[loopCount];
        for (int i = 0; i < loopCount; i++)
            loops[i] = new EventLoop($"loop {i}") { HandlerFailed = error => events.Error(error, "A connection was cut because its handling failed: a defect of this program") };
        var loop = loops[0];
        var turnedAway = new TurnedAwayReport(events, () => loop.Now);
        var transport = new EpollTransport(loops)
        {
            BusyAnswer = static () => HeadFaults.Answer(503, "Retry-After: 1\r\n"),
            TurnedAway = turnedAway.Add,
            AcceptFailed = errno => events.Warning("Connections wait: accepting fails ({Reason})", Errno.Describe(errno)),
        };
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var each in loops)
            each.Start();
        loop.Post(_ => Compose(control, regions, epoch, loops, transport, log, events, ended), null);
        ended.Task.Wait();
        return ExitCodes.Ended;
    }

    private static void Compose(
        ControlSocket socket,
        SharedRegions regions,
        ulong epoch,
        EventLoop[] loops,
        EpollTransport transport,
        AccessLog log,
        ILogger events,
        TaskCompletionSource ended)
    {
        var options = KestrelOptions();
        var observer = new DispatcherReport();
        var home = loops[0];
        var dispatcher = new Dispatcher(home, regions, epoch, observer);
        var counts = new RequestCounts();
        GatewayServices[] all =
        [
            .. loops.Select(loop => ServicesOf(loop, loop == home ? dispatcher : new RemoteDispatch(loop, home, dispatcher), log, counts, events)),
        ];
        var services = all[0];
        var refusals = new RefusalLog(services);
        var misdirected = new MisdirectionReport(events, services.Now);
        transport.Http.Filter = new RequestHeadFilter(() => services.Site.Options.HeadLimit, refusals, misdirected);
        transport.Http.Preface = new ProxyPreface(() => services.Site.Proxies, refusals.Refuse);
        transport.IsProxy = peer => services.Site.Proxies.MayHaveAnyNumber(peer);
        var server = new KestrelServer(Options.Create(options), transport, refusals);
        var application = new GatewayApplication(all);
        var uwsgi = new UwsgiServer(application, events);
        server.StartAsync(application, CancellationToken.None).GetAwaiter().GetResult();
        var uwsgiSockets = new ConnectionProtocol
        {
            Filter = new UwsgiPacketFilter(() => services.Site.Options.HeadLimit, refusals, misdirected),
            Serve = uwsgi.Serve,
            HasFrontServers = true,
        };
        var sites = new Sites(all, new SettingsInForce(transport, dispatcher, options.Limits));
        var drain = new Drain(transport, sites, () => server, uwsgi, ended);
        var meter = new LoadMeter(home, dispatcher, all, counts);
        var control = new GatewayControl(socket, home, new Listeners(transport, uwsgiSockets, sites), dispatcher, sites, meter, drain);
        observer.Control = control;
        control.Start();
        control.Send("up");
    }

    private static GatewayServices ServicesOf(EventLoop loop, IRequestDispatch dispatch, AccessLog log, RequestCounts counts, ILogger events)
    {
        var services = new GatewayServices
        {
            Loop = loop,
            Dispatcher = dispatch,
            AccessLog = log,
            Counts = counts,
            Memory = new ProcessMemoryCache(() => loop.Now),
            BodyClock = new BodyClock(() => loop.Now),
            NoSpace = new SpaceReport(events, () => loop.Now),
        };
        loop.Attach(new SiteKeeper(services));
        loop.Attach(services.BodyClock);
        return services;
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
        limits.MaxRequestHeaderCount = RequestHead.MaximumFields;
        limits.MaxRequestBodySize = null;
        // All clocks that run for a client are ours: Kestrel sees a head when it is whole, counts a body's framing as progress, and is blind to bytes
        // that leave by sendfile.
        limits.KeepAliveTimeout = limits.RequestHeadersTimeout = Never;
        limits.MinRequestBodyDataRate = limits.MinResponseDataRate = null;
        options.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        options.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        options.Listen(EpollTransport.EndPoint, listen => listen.Protocols = HttpProtocols.Http1);
        return options;
    }

    /// <summary>The first message is always `shared`: without it there is nothing to build on.</summary>
    private static bool TryReceiveShared(ControlSocket control, out SharedRegions regions, out ulong epoch, out int loops, out string? date)
    {
        regions = null!;
        epoch = 0;
        loops = 1;
        date = null;
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
            loops = (int)message.Number(1);
            date = message.Text.Length > 0 ? message.Text : null;
            return true;
        }
    }

    /// <summary>The dispatcher is made before the control channel that its reports go to.</summary>
    private sealed class DispatcherReport : IDispatcherObserver
    {
        public IDispatcherObserver? Control { get; set; }

        public void WorkerSentGarbage(int line, int pid) => Control?.WorkerSentGarbage(line, pid);

        public void RequestRanTooLong(int line, int pid, ulong id, TimeSpan ran, ApplicationRequest? request)
            => Control?.RequestRanTooLong(line, pid, id, ran, request);

        public void RequestWasLost(ApplicationRequest request, TimeSpan age, bool isRepeated) => Control?.RequestWasLost(request, age, isRepeated);
    }
}
