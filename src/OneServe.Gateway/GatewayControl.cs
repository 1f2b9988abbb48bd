using OneServe.Application;
using OneServe.Configuration;
using OneServe.Posix;
using OneServe.Transport;

namespace OneServe.Gateway;

/// <summary>Carries out the master's orders (docs/protocol.md), on the loop's thread.</summary>
internal sealed class GatewayControl(ControlSocket socket, EventLoop loop, EpollTransport transport, GatewayServices services, Drain drain)
    : IDescriptorHandler, IDispatcherObserver
{
    private readonly Dictionary<int, Site> _sites = [];

    public void Start() => loop.Watch(socket.Descriptor, EpollEvents.In, this);

    /// <summary>Tells the master something.</summary>
    public void Send(string message)
    {
        socket.Send(message);
        if (socket.Pending > 0)
            loop.Modify(socket.Descriptor, EpollEvents.In | EpollEvents.Out);
    }

    void IDispatcherObserver.WorkerSentGarbage(int line) => Send($"garbage {line}");

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
