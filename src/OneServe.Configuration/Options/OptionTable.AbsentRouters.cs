using static OneServe.Configuration.OptionSupport;

namespace OneServe.Configuration;

public static partial class OptionTable
{
    /// <summary>Listeners, routers and protocols of uWSGI that are not here.</summary>
    private static OptionDefinition[] AbsentRouters() =>
    [
        .. Family(Refused, "A router for uwsgi requests to other servers", "use nginx or HAProxy in front of several servers",
            "fastrouter fastrouter-buffer-size fastrouter-cheap fastrouter-events fastrouter-fallback fastrouter-fallback-on-no-key "
            + "fastrouter-gid fastrouter-gracetime fastrouter-harakiri fastrouter-post-buffering fastrouter-post-buffering-dir "
            + "fastrouter-processes fastrouter-quiet fastrouter-resubscribe fastrouter-resubscribe-bind fastrouter-ss fastrouter-stats "
            + "fastrouter-stats-server fastrouter-subscription-fallback-key fastrouter-subscription-server fastrouter-subscription-slot "
            + "fastrouter-timeout fastrouter-to fastrouter-uid fastrouter-use-base fastrouter-use-cache fastrouter-use-code-string "
            + "fastrouter-use-pattern fastrouter-use-socket fastrouter-workers fastrouter-zerg"),
        .. Family(Refused, "A router for TCP connections", "use HAProxy, or systemd-socket-proxyd",
            "rawrouter rawrouter-buffer-size rawrouter-cheap rawrouter-events rawrouter-fallback rawrouter-gracetime rawrouter-harakiri "
            + "rawrouter-max-retries rawrouter-processes rawrouter-quiet rawrouter-ss rawrouter-stats rawrouter-stats-server "
            + "rawrouter-subscription-server rawrouter-subscription-slot rawrouter-timeout rawrouter-to rawrouter-use-base rawrouter-use-cache "
            + "rawrouter-use-code-string rawrouter-use-pattern rawrouter-use-socket rawrouter-workers rawrouter-xclient rawrouter-zerg"),
        .. Family(Refused, "A router for TLS connections", "use HAProxy, or nginx with its stream module",
            "sslrouter sslrouter-buffer-size sslrouter-cheap sslrouter-events sslrouter-fallback sslrouter-gracetime sslrouter-harakiri "
            + "sslrouter-max-retries sslrouter-processes sslrouter-quiet sslrouter-session-context sslrouter-sni sslrouter-ss sslrouter-stats "
            + "sslrouter-stats-server sslrouter-subscription-server sslrouter-timeout sslrouter-to sslrouter-use-base sslrouter-use-cache "
            + "sslrouter-use-code-string sslrouter-use-pattern sslrouter-use-socket sslrouter-workers sslrouter-zerg sslrouter2"),
        .. Family(Refused, "A router of terminals", "use sshd",
            "forkpty-router forkpty-router-cmd forkpty-router-command forkpty-urouter forkptyrouter forkptyrouter-cheap forkptyrouter-cmd "
            + "forkptyrouter-cols forkptyrouter-command forkptyrouter-events forkptyrouter-fallback forkptyrouter-harakiri "
            + "forkptyrouter-processes forkptyrouter-rows forkptyrouter-ss forkptyrouter-stats forkptyrouter-stats-server forkptyrouter-timeout "
            + "forkptyrouter-workers forkptyrouter-zerg forkptyurouter"),
        .. Family(Refused, "A virtual network", "use the kernel's own, ip-tuntap(8)",
            "tuntap-device tuntap-device-rule tuntap-router tuntap-router-firewall-in tuntap-router-firewall-out tuntap-router-route "
            + "tuntap-router-stats tuntap-use-credentials"),
        .. Family(Refused, "The HTTP router of many servers", "one server listens for itself: http = ADDRESS; for several put nginx or HAProxy in front",
            "http-fallback http-ss http-subscription-server http-use-base http-use-cache http-use-code-string http-use-pattern http-use-socket "
            + "http-zerg httprouter"),
        .. Family(NotNeeded, "Tuning of uWSGI's HTTP router; the gateway needs none of it", null,
            "http-cheap http-events http-gid http-gracetime http-harakiri http-manage-rtsp http-manage-source http-modifier2 http-quiet "
            + "http-resubscribe http-socket-modifier1 http-socket-modifier2 http-stud-prefix http-subscription-fallback-key http-uid"),
        .. Family(NotNeeded, "The gateway sends 100 Continue when the application may begin to read", null, "http-manage-expect"),
        .. Family(NotYet, "A variable for every request", "use env for the application, or a header of the proxy", "http-var"),
        .. Family(NotNeeded, "SERVER_NAME comes from the Host field when there is one", null, "http-server-name-as-http-host"),
        .. Family(NotYet, "Statistics of the HTTP router", null, "http-stats http-stats-server"),
        .. Family(Refused, "Another server's sockets", "a reload here keeps its own; with systemd, share them by a .socket unit",
            "zerg-fallback zerg-pool zerg-server zergpool"),
        .. Family(NotYet, "Announcements to a subscription server", "name this server in the configuration of what stands in front",
            "start-unsubscribed subscribe-freq subscribe-with-modifier1 subscribe2 subscription-algo subscription-dotsplit "
            + "subscription-notify-socket subscription-tolerance subscriptions-credentials-check subscriptions-sign-check "
            + "subscriptions-sign-check-tolerance subscriptions-sign-skip-uid subscriptions-use-credentials st"),
        .. Family(Refused, "Listening over TLS", "put a TLS proxy in front; enable-proxy-protocol and trusted-proxies pass the client's address on",
            "https-export-cert https-session-context https-socket https-socket-modifier1 https-socket-modifier2 https2 sni sni-dir "
            + "sni-dir-ciphers sni-regexp ssl-enable-sslv3 ssl-enable-tlsv1 ssl-enable3 ssl-option ssl-socket ssl-tmp-dir ssl-verbose "
            + "ssl-verify-depth suwsgi-socket"),
        .. Family(Refused, "Listening for another protocol", "listen for HTTP: http = ADDRESS",
            "fastcgi-modifier1 fastcgi-modifier2 fastcgi-nph-socket map-socket multicast multicast-loop multicast-ttl puwsgi-socket "
            + "raw-modifier1 raw-modifier2 raw-socket scgi-modifier1 scgi-modifier2 scgi-nph-socket udp"),
        .. Family(NotNeeded, "Modifiers choose uWSGI's plugin; there is one kind of application", null, "allowed-modifiers remap-modifier"),
    ];
}
