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
        ListenerProtocol.Uwsgi => "uwsgi",
        _ => throw new InvalidOperationException($"The protocol {Options.Protocol} has no kind."),
    };

    /// <summary>For people: `http://0.0.0.0:8000`, `uwsgi on /run/site.sock`, `http://0.0.0.0:80 (redirects to https)`.</summary>
    public string Title => (Socket.Bound.EndPoint is null ? $"{Scheme} on {Socket.Name}" : $"{Scheme}://{Socket.Name}")
        + (Socket.Inherited is { } number ? $" (inherited, descriptor {number})" : "")
        + (Options.Protocol == ListenerProtocol.HttpToHttps ? " (redirects to https)" : "");

    private string Scheme => Options.Protocol == ListenerProtocol.Uwsgi ? "uwsgi" : "http";

    /// <summary>Whether it is what these options ask for, if perhaps in other words: then a reload leaves it alone.</summary>
    public bool Serves(ListenerOptions wanted)
    {
        if (wanted.Protocol != Options.Protocol)
            return false;
        if (wanted.Setting.Value == Options.Setting.Value)
            return true;
        if (ListenAddress.Parse(wanted.Setting.Value, out _) is not { } address)
            return false;
        return address.Descriptor is { } number ? number == Socket.Inherited
            : Socket.Inherited is null ? Socket.Bound.Is(address) : Socket.Bound.Covers(address);
    }
}
