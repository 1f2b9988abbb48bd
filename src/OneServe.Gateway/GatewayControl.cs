using OneServe.Application;
using OneServe.Configuration;
using OneServe.Gateway.Http;
using OneServe.Posix;
using OneServe.Transport;

namespace OneServe.Gateway;

/// <summary>Carries out the master's orders (docs/protocol.md), on the loop's thread.</summary>
internal sealed class GatewayControl(ControlSocket socket, EventLoop loop, EpollTransport transport, GatewayServices services, Drain drain)
    : IDescriptorHandler, IDispatcherObserver
{
    private const int LongestTitle = 1000;

    private readonly Dictionary<int, Site> _sites = [];

    public void Start() => loop.Watch(socket.Descriptor, EpollEvents.In, this);

    /// <summary>Tells the master something.</summary>
    public void Send(string message)
    {
        socket.Send(message);
        if (socket.Pending > 0)
            loop.Modify(socket.Descriptor, EpollEvents.In | EpollEvents.Out);
    }

    void IDispatcherObserver.WorkerSentGarbage(int line, int pid) => Send($"garbage {line} {pid}");

    void IDispatcherObserver.RequestRanTooLong(int line, int pid, TimeSpan ran, ApplicationRequest? request)
        => Send(FormattableString.Invariant($"harakiri {line} {pid} {(long)ran.TotalMilliseconds}\n{Title(request)}"));

    void IDispatcherObserver.RequestWasLost(ApplicationRequest request, TimeSpan age, bool isRepeated)
    {
        if (request is RequestContext)
            Send(FormattableString.Invariant($"lost\n{Title(request)} was with a worker that died, for {age.TotalSeconds:0.00} s: {Outcome(request, isRepeated)}"));
    }

    private static string Outcome(ApplicationRequest request, bool isRepeated)
        => isRepeated ? "it is run once more" : ((RequestContext)request).Response.HasStarted ? "its answer is cut off" : "it is answered 502";

    /// <summary>Method and target, not longer than a message can take.</summary>
    private static string Title(ApplicationRequest? request)
    {
        if (request is not RequestContext { Request: var head })
            return "A request that is answered, or whose client has left,";
        string title = $"{head.Method} {head.RawTarget}";
        return title.Length <= LongestTitle ? title : title[..LongestTitle] + "...";
    }

    void IDescriptorHandler.OnEvents(EpollEvents events)
    {
        if ((events & EpollEvents.Out) != 0)
        {
            socket.Flush();
            if (socket.Pending == 0)
                loop.Modify(socket.Descriptor, EpollEvents.In);
        }
        while (true)
        {
            switch (socket.Receive(out var message))
            {
                case ReceiveStatus.Empty:
                    return;
                case ReceiveStatus.Ended:
                    // The master has gone: everything ends with it.
                    Environment.Exit(ExitCodes.MasterGone);
                    return;
            }
            Obey(message);
        }
    }

    private void Obey(ControlMessage message)
    {
        int first = (int)message.Number(0);
        var descriptors = message.Descriptors;
        switch (message.Verb)
        {
            case "listener" when descriptors.Length == 1:
                if (message.Words.Length > 1 && message.Words[1] == "https-redirect")
                    services.Redirect(first);
                transport.AddListener(first, descriptors[0], unix: message.Words.Length > 2 && message.Words[2] is ['/' or '@', ..]);
                break;
            case "unlisten":
                transport.RemoveListener(first);
                break;
            case "generation" when descriptors.Length == 2:
                using (var settings = descriptors[1])
                    _sites[first] = Site.Of(first, OptionsOf(settings));
                services.Dispatcher.AddPool(first, descriptors[0]);
                break;
            case "slot" when descriptors.Length == 1:
                services.Dispatcher.AddSlot(first, (int)message.Number(1), descriptors[0]);
                break;
            case "activate":
                if (_sites.TryGetValue(first, out var site))
                    services.Serve(site);
                services.Dispatcher.Activate(first);
                break;
            case "retire":
                // A retired site stays in force when there is no other: files are served on.
                if (_sites.Remove(first, out var retired) && retired != services.Site)
                    retired.Dispose();
                services.Dispatcher.Retire(first);
                break;
            case "dead":
                services.Dispatcher.SlotDied(first, (ulong)message.Number(1));
                break;
            case "rest":
                services.Dispatcher.LetRest(first, TimeSpan.FromMilliseconds(message.Number(1)));
                break;
            case "pause":
                services.Dispatcher.IsPaused = true;
                break;
            case "resume":
                services.Dispatcher.IsPaused = false;
                break;
            case "noop":
                services.Dispatcher.SendNoOps(first, (int)message.Number(1));
                break;
            case "drain":
                drain.Begin(TimeSpan.FromSeconds(Math.Max(0, first)), () => Send("drained"));
                break;
            default:
                message.CloseDescriptors();
                break;
        }
    }

    private static ServerOptions OptionsOf(SafeDescriptor settings)
        => SettingsCodec.Bind(SettingsCodec.Decode(PositionedReads.ReadAll(settings.Number)));
}
