using static OneServe.Configuration.OptionKind;
using static OneServe.Configuration.OptionSupport;

namespace OneServe.Configuration;

public static partial class OptionTable
{
    private static OptionDefinition[] Proxies() =>
    [
        new("trusted-proxies", Text, Works, "Whose X-Forwarded-For counts: 10.0.0.0/8, unix, * (default 127.0.0.0/8 ::1 unix)")
        {
            Aliases = ["forwarded-allow-ips"],
            Repeatable = true,
            Placeholder = "ADDRESSES",
        },
        new("trust-forwarded-host", Flag, Works, "X-Forwarded-Host of a trusted proxy takes the place of Host"),
        new("enable-proxy-protocol", Flag, Works, "Connections of trusted proxies begin with a header of the PROXY protocol, version 1 or 2")
        {
            Aliases = ["http-enable-proxy-protocol"],
        },
        new("log-x-forwarded-for", Flag, AlwaysSo, "The log has the client's address when a trusted proxy tells it"),
    ];
}
