using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>Binds the addresses to listen on, each with what is spoken there.</summary>
internal sealed class ListenerBinder(DiagnosticList diagnostics)
{
    private const string Uwsgi = "uwsgi";
    private const string Http = "http";

    /// <summary>Networks that nobody reaches from outside: loopback, private (RFC 1918, RFC 4193), shared (RFC 6598), link-local.</summary>
    private static readonly AddressRange[] Inner =
    [
        .. Ranges("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "::1", "fc00::/7", "fe80::/10"),
    ];

    public ImmutableArray<ListenerOptions> Bind(ImmutableArray<Setting> settings)
    {
        var ofSocket = ProtocolOfSocket(settings.LastOrDefault(static setting => setting.Name == "protocol"));
        var listeners = ImmutableArray.CreateBuilder<ListenerOptions>();
        foreach (Setting setting in settings)
        {
            if (ProtocolOf(setting.Name, ofSocket) is not { } protocol)
            {
                continue;
            }

            Setting? earlier = listeners.FirstOrDefault(listener => listener.Setting.Value == setting.Value)?.Setting;
            if (earlier is not null)
            {
                diagnostics.Warning($"`{setting}` is listened on already ({earlier.Source})", setting.Source);
                continue;
            }

            listeners.Add(new ListenerOptions(protocol, setting));
            if (protocol == ListenerProtocol.Uwsgi)
            {
                WarnOfPublicAddress(setting);
            }
        }

        return listeners.ToImmutable();
    }

    private static ListenerProtocol? ProtocolOf(string option, ListenerProtocol ofSocket) => option switch
    {
        "http" or "http-socket" => ListenerProtocol.Http,
        "http-to-https" => ListenerProtocol.HttpToHttps,
        "uwsgi-socket" => ListenerProtocol.Uwsgi,
        "socket" => ofSocket,
        _ => null,
    };

    private ListenerProtocol ProtocolOfSocket(Setting? setting)
    {
        switch (setting?.Value)
        {
            case null or Uwsgi:
                return ListenerProtocol.Uwsgi;
            case Http:
                return ListenerProtocol.Http;
            default:
                diagnostics.Error($"`{setting.Value}` is no protocol that `socket` can speak", setting.Source, "protocol = uwsgi, or http");
                return ListenerProtocol.Uwsgi;
        }
    }

    /// <summary>Who speaks the uwsgi protocol says who the client is, and is believed.</summary>
    private void WarnOfPublicAddress(Setting setting)
    {
        int colon = setting.Value.LastIndexOf(':');
        if (setting.Value is ['/' or '@', ..] || setting.Value.StartsWith("fd://", StringComparison.Ordinal) || colon < 0)
        {
            return;
        }

        string host = setting.Value[..colon].Trim('[', ']');
        bool isNumber = AddressRange.TryParse(host, out AddressRange address);
        if (host.Length == 0 || (isNumber && !Inner.Any(range => range.Contains(address.Network))))
        {
            diagnostics.Warning(
                $"`{setting}` may be reached from outside: whoever speaks the uwsgi protocol there is believed, whatever REMOTE_ADDR and REMOTE_USER he names",
                setting.Source,
                $"127.0.0.1:{setting.Value[(colon + 1)..]}, a UNIX socket, or a firewall that lets the web server alone through");
        }
    }

    private static IEnumerable<AddressRange> Ranges(params string[] texts)
    {
        foreach (string text in texts)
        {
            AddressRange.TryParse(text, out var range);
            yield return range;
        }
    }
}
