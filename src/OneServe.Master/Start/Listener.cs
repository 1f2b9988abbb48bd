using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe.Master.Start;

/// <summary>One address that is listened on, for the life of the server or until a reload leaves it out.</summary>
/// <param name="Id">Its number in the messages to the gateway.</param>
/// <param name="Options">As configured.</param>
/// <param name="Socket">The listening socket.</param>
internal sealed record Listener(int Id, ListenerOptions Options, ListenSocket Socket)
{
    /// <summary>The kind in the messages to the gateway.</summary>
    public string Kind => Options.Protocol switch
    {
        ListenerProtocol.Http => "http",
        ListenerProtocol.HttpToHttps => "https-redirect",
        _ => throw new InvalidOperationException($"The protocol {Options.Protocol} has no kind."),
    };

    /// <summary>For people: `http://0.0.0.0:8000`, `http on /run/site.sock`, `http://0.0.0.0:80 (redirects to https)`.</summary>
    public string Title => (Socket.Address.IsTcp ? $"http://{Socket.Name}" : $"http on {Socket.Name}")
        + (Options.Protocol == ListenerProtocol.HttpToHttps ? " (redirects to https)" : "");
}
