using OneServe.Application;
using OneServe.Configuration;
using OneServe.Posix;
using OneServe.Transport;

namespace OneServe.Gateway;

/// <summary>Carries out the master's orders (docs/protocol.md), on the loop's thread.</summary>
internal sealed class GatewayControl(
    ControlSocket socket, EventLoop loop, Listeners listeners, Dispatcher dispatcher, Sites sites, LoadMeter meter, Drain drain)
    : IDescriptorHandler, IDispatcherObserver
{
    private const int LongestTitle = 1000;

    /// <summary>What waits for the first site: a request before it would find nothing. Null: it is there.</summary>
    private List<Action>? _untilServing = [];

    public void Start() => loop.Watch(socket.Descriptor, EpollEvents.In, this);

    /// <summary>Tells the master something.</summary>
    public void Send(string message)
    {
        socket.Send(message);
        if (socket.Pending > 0)
            loop.Modify(socket.Descriptor, EpollEvents.In | EpollEvents.Out);
    }

    void IDispatcherObserver.WorkerSentGarbage(int line, int pid) => Send($"garbage {line} {pid}");

    void IDispatcherObserver.RequestRanTooLong(int line, int pid, ulong id, TimeSpan ran, ApplicationRequest? request)
        => Send(FormattableString.Invariant($"harakiri {line} {pid} {(long)ran.TotalMilliseconds} {id}\n{Title(request)}"));

    void IDispatcherObserver.RequestWasLost(ApplicationRequest request, TimeSpan age, bool isRepeated)
        => Send(FormattableString.Invariant($"lost\n{Title(request)} was with a worker that died, for {age.TotalSeconds:0.00} s: {Outcome(request, isRepeated)}"));

    private static string Outcome(ApplicationRequest request, bool isRepeated)
        => isRepeated ? "it is run once more" : request.IsAnswering ? "its answer is cut off" : "it is answered 502";

    /// <summary>Method and target, not longer than a message can take.</summary>
    private static string Title(ApplicationRequest? request)
    {
        if (request is null)
            return "A request that is answered, or whose client has left,";
        string title = $"{request.Method} {request.Target}";
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
                var words = message.Words;
                WhenServing(() => listeners.Add(first, kind: words.Length > 1 ? words[1] : "", name: words.Length > 2 ? words[2] : "", descriptors[0]));
                break;
            case "unlisten":
                WhenServing(() => listeners.Remove(first));
                break;
            case "generation" when descriptors.Length is 1 or 2:
                using (var settings = descriptors[0])
                    sites.Add(first, OptionsOf(settings));
                dispatcher.AddPool(first, descriptors.ElementAtOrDefault(1));
                break;
            case "slot" when descriptors.Length == 1:
                dispatcher.AddSlot(first, (int)message.Number(1), descriptors[0], (int)message.Number(2), (int)message.Number(3));
                break;
            case "worker" when descriptors.Length == 3:
                dispatcher.AddWorker(first, (int)message.Number(1), (int)message.Number(2), descriptors[0], descriptors[1], descriptors[2], (int)message.Number(3));
                break;
            case "leave":
                dispatcher.Leave(first);
                break;
            case "activate":
                sites.Activate(first, BeginToServe);
                dispatcher.Activate(first);
                meter.Measure(first, sites.ScalingOf(first), Send);
                break;
            case "retire":
                sites.Retire(first);
                dispatcher.Retire(first);
                break;
            case "dead":
                dispatcher.SlotDied(first, (ulong)message.Number(1));
                break;
            case "rest":
                dispatcher.LetRest(first, TimeSpan.FromMilliseconds(message.Number(1)));
                break;
            case "pause":
                dispatcher.IsPaused = true;
                break;
            case "resume":
                dispatcher.IsPaused = false;
                break;
            case "alive":
                sites.AfterTurnOfAll(() => Send("alive"));
                break;
            case "noop":
                dispatcher.SendNoOps(first, (int)message.Number(1));
                break;
            case "drain":
                drain.Begin(TimeSpan.FromSeconds(Math.Max(0, first)), () => Send("drained"));
                break;
            default:
                message.CloseDescriptors();
                break;
        }
    }

    private void WhenServing(Action action)
    {
        if (_untilServing is { } waiting)
            waiting.Add(action);
        else
            action();
    }

    private void BeginToServe()
    {
        var waiting = _untilServing;
        _untilServing = null;
        waiting?.ForEach(static action => action());
    }

    private static ServerOptions OptionsOf(SafeDescriptor settings)
        => SettingsCodec.Bind(SettingsCodec.Decode(PositionedReads.ReadAll(settings.Number)));
}
