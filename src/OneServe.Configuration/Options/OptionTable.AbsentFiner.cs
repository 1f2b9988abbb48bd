using static OneServe.Configuration.OptionSupport;

namespace OneServe.Configuration;

public static partial class OptionTable
{
    /// <summary>Finer points of requests, answers and processes.</summary>
    private static OptionDefinition[] AbsentFiner() =>
    [
        .. Family(NotYet, "Decide on an answer by its path, its status or its headers", "do it in the application's middleware",
            "error-route error-route-host error-route-if error-route-if-not error-route-label error-route-qs error-route-referer "
            + "error-route-remote-addr error-route-remote-user error-route-run error-route-status error-route-uri error-route-user-agent "
            + "final-route-host final-route-if final-route-if-not final-route-label final-route-qs final-route-referer final-route-remote-addr "
            + "final-route-remote-user final-route-run final-route-status final-route-uri final-route-user-agent response-route-host "
            + "response-route-if response-route-if-not response-route-label response-route-qs response-route-referer response-route-remote-addr "
            + "response-route-remote-user response-route-run response-route-status response-route-uri response-route-user-agent"),
        .. Family(NotYet, "Change the fields of an answer", "do it in the application's middleware",
            "del-header pull-header rem-header response-header-collect"),
        .. Family(NotNeeded, "The log is drained by its own writer", null,
            "log-drain log-master-req-stream log-master-stream rsyslog-packet-size rsyslog-split-messages"),
        .. Family(NotYet, "Messages for another server", "read them from standard error: journald, the container's engine, rsyslog",
            "log-socket log-syslog log-zeromq"),
        .. Family(NotYet, "Which messages are logged", "filter them where they are read", "log-filter"),
        .. Family(AlwaysSo, "A client that left is not worth a message", null, "write-errors-exception-only write-errors-tolerance"),
        .. Family(NotNeeded, "Bodies are read by the gateway; slow ones cost no worker", null, "body-read-warning"),
        .. Family(NotNeeded, "Files leave by the fastest way", null, "disable-sendfile"),
        .. Family(NotNeeded, "Descriptors of the gateway are its own", null,
            "close-on-exec2 fd-safe no-fd-passing safe-fd shutdown-sockets undeferred-shared-socket"),
        .. Family(NotYet, "An option of the listening socket", "set it for the machine, or pass the socket by a .socket unit of systemd",
            "freebind no-defer-accept socket-rcvbuf socket-sndbuf tcp-fast-open tcp-fast-open-client tcp-fastopen tcp-fastopen-client"),
        .. Family(NotYet, "Look for files below DOCUMENT_ROOT", "check-static = DIR", "check-static-docroot"),
        .. Family(NotYet, "Take no notice of SCRIPT_NAME", null, "ignore-script-name vhost-host"),
        .. Family(NotNeeded, "As many applications and variables as there are", null, "max-apps max-vars no-default-app"),
        .. Family(NotYet, "An application only of one worker", "mount = /PREFIX=APPLICATION", "worker-mount"),
        .. Family(NotYet, "Check that a file system is mounted", "RequiresMountsFor= of systemd", "check-mount check-mountpoint mountpoint-check"),
        .. Family(NotYet, "Call something after each request", "do it in the application's middleware",
            "after-request-call after-request-hook harakiri-no-arh no-harakiri-after-req-hook no-harakiri-arh"),
        .. Family(NotNeeded, "The uwsgi protocol's name of the group is not needed", null, "no-initgroups"),
        .. Family(NotYet, "WebSockets of uWSGI's own interface", null,
            "websocket-max-size websocket-ping-freq websocket-pong-tolerance websockets-max-size websockets-ping-freq websockets-pong-tolerance"),
        .. Family(NotYet, "A profiler", "use py-spy", "profiler"),
        .. Family(NotYet, "Write files or change modes at the start", "ExecStartPre= of systemd", "file-write"),
        .. Family(NotYet, "Tell a supervisor", null, "notify-socket"),
        .. Family(NotYet, "A name for what is to come", null, "force-gateway mode no-server resolve"),
        .. Family(NotNeeded, "Regular expressions are compiled", null, "pcre-jit"),
        .. Family(NotYet, "Log what no application takes", null, "notfound-log"),
        .. Family(NotNeeded, "Numbers of zero bytes are no matter here", null, "skip-zero"),
    ];
}
