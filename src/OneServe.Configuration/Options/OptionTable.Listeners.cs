using static OneServe.Configuration.OptionKind;
using static OneServe.Configuration.OptionSupport;

namespace OneServe.Configuration;

public static partial class OptionTable
{
    private static OptionDefinition[] Listeners() =>
    [
        new("http", Address, Works, "Listen for HTTP: host:port, :port, [::]:port, the path of a UNIX socket, @abstract, fd://3")
        {
            Repeatable = true, Placeholder = "ADDRESS",
        },
        new("http-socket", Address, Works, "The same as http") { Repeatable = true, Placeholder = "ADDRESS" },
        new("socket", Address, Works, "Listen for the uwsgi protocol, which nginx speaks with uwsgi_pass; addresses as for http")
        {
            Short = 's', Repeatable = true, Placeholder = "ADDRESS",
        },
        new("uwsgi-socket", Address, Works, "The same as socket, whatever protocol says") { Repeatable = true, Placeholder = "ADDRESS" },
        new("protocol", Name, Works, "What is spoken on every socket: uwsgi (default) or http") { Aliases = ["socket-protocol"], Placeholder = "NAME" },
        new("listen", Integer, Works, "Connections that may wait to be accepted (default 4096; at most net.core.somaxconn)") { Short = 'l', Placeholder = "N" },
        new("chmod-socket", Octal, Works, "Mode of UNIX sockets, such as 660; without a value 666")
        {
            Short = 'C', ValueOptional = true, Placeholder = "MODE",
        },
        new("chown-socket", Name, Works, "Owner of UNIX sockets, and their group") { Placeholder = "USER[:GROUP]" },
        new("reuse-port", Flag, Works, "Another server with reuse-port may listen on the same address"),
        new("so-keepalive", Flag, Works, "The kernel asks silent TCP clients whether they are still there"),
        new("vacuum", Flag, Works, "Remove UNIX sockets and pidfiles at the end"),
        new("https", Text, NotYet, "Listen for HTTP over TLS") { Repeatable = true },
        new("fastcgi-socket", Text, NotYet, "Listen for FastCGI") { Repeatable = true },
        new("scgi-socket", Text, NotYet, "Listen for SCGI") { Repeatable = true },
        new("shared-socket", Text, NotYet, "Bind before privileges are dropped; every listener here is") { Repeatable = true },
        new("tcp-nodelay", Flag, AlwaysSo, "Small packets are not held back"),
        new("thunder-lock", Flag, NotNeeded, "Workers do not compete for connections"),
        new("close-on-exec", Flag, AlwaysSo, "Started programs do not inherit sockets"),
        new("abstract-socket", Flag, NotYet, "Take UNIX paths as abstract names; write @name"),
        new("http-processes", Integer, Works, "Event loops of the HTTP server, a thread each (default 1)") { Aliases = ["http-workers"], Placeholder = "N" },
        new("http-keepalive", Integer, Works, "Seconds that an idle connection is kept open (default 75, also for 1; 0: not at all)")
        {
            ValueOptional = true, Placeholder = "SECONDS",
        },
        new("http-auto-chunked", Flag, AlwaysSo, "Answers of unknown length are sent in chunks"),
        new("http-chunked-input", Flag, AlwaysSo, "Request bodies may come in chunks"),
        new("http-raw-body", Flag, NotNeeded, "Request bodies are complete before the application runs"),
        new("http-websockets", Flag, NotYet, "Pass WebSocket connections on"),
        new("http-auto-gzip", Flag, NotYet, "Compress answers that ask for it"),
        new("http-timeout", Integer, Works, "Seconds that a client may stop within a body or an answer (default 60); within a body then 408")
        {
            Placeholder = "SECONDS",
        },
        new("http-min-body-rate", Integer, Works, "Bytes a second that a client has to send of a body (default 240, 0: any); else 408") { Placeholder = "BYTES" },
        new("http-min-response-rate", Integer, Works, "Bytes a second that a client has to take of an answer (default 240, 0: any)") { Placeholder = "BYTES" },
        new("max-connections", Integer, Works, "Connections open at a time (default: any); beyond it 503") { Placeholder = "N" },
        new("max-connections-per-address", Integer, Works, "Connections open at a time from one address (default: any); beyond it 503")
        {
            Placeholder = "N",
        },
        new("http-connect-timeout", Integer, NotNeeded, "Workers are not connected to"),
        new("http-headers-timeout", Integer, Works, "Seconds for a request's head to arrive (default 30); then 408") { Placeholder = "SECONDS" },
        new("http-buffer-size", Integer, NotNeeded, "Buffers fit themselves"),
        new("http-modifier1", Integer, NotNeeded, "There is one kind of application"),
        new("http-to", Text, NotNeeded, "The gateway knows its workers") { Repeatable = true },
        new("subscribe-to", Text, NotYet, "Announce this server to a subscription server") { Aliases = ["subscribe"], Repeatable = true },
        new("unsubscribe-on-graceful-reload", Flag, NotYet, "Leave the subscription server during a reload"),
    ];
}
