using static OneServe.Configuration.OptionSupport;

namespace OneServe.Configuration;

public static partial class OptionTable
{
    /// <summary>Services of uWSGI beside requests: caches, queues, tasks, metrics, other languages.</summary>
    private static OptionDefinition[] AbsentServices() =>
    [
        .. Family(NotYet, "A cache shared by all workers", "use Redis or memcached",
            "add-cache-item cache-blocksize cache-expire-freq cache-no-expire cache-report-freed-items cache-store cache-store-sync cache-sync "
            + "cache-udp-node cache-udp-server cache-use-last-modified check-cache load-file-in-cache load-file-in-cache-gzip"),
        .. Family(NotYet, "Tasks beside the requests", "use Celery, RQ, or Django's own tasks, in a unit of its own",
            "farm mule-harakiri mule-msg-size spooler-chdir spooler-external spooler-freq spooler-ordered spooler-quiet"),
        .. Family(NotYet, "A queue shared by all workers", "use Redis", "queue-blocksize queue-store queue-store-sync"),
        .. Family(NotYet, "Signals between processes, timers", "use a systemd timer, or a unit of its own",
            "attach-control-daemon cron-harakiri cron-legion daemons-honour-stdin rbtimer signal signal-bufsize signal-rbtimer signal-timer "
            + "signals-bufsize timer unique-cron-legion unique-legion-cron"),
        .. Family(NotYet, "Metrics", null,
            "metric metric-alarm metric-dir metric-dir-restore metric-threshold metrics-dir metrics-dir-restore metrics-no-cores"),
        .. Family(NotYet, "Statistics sent elsewhere", "let a collector fetch them",
            "carbon carbon-freq carbon-hostname-dots carbon-id carbon-idle-avg carbon-max-retry carbon-name-resolve carbon-no-workers "
            + "carbon-resolve-names carbon-retry-delay carbon-root carbon-timeout carbon-use-metrics nagios rrdtool rrdtool-freq rrdtool-lib snmp "
            + "snmp-community stats-push stats-pusher-default-freq stats-pushers-default-freq upload-progress zabbix-template"),
        .. Family(NotYet, "Statistics in another form", null, "stats-no-cores stats-no-metrics"),
        .. Family(NotYet, "Alarms", "let the log or the process supervisor raise them: OnFailure= of systemd",
            "alarm-cheap alarm-fd alarm-freq alarm-listen-queue alarm-lq alarm-metric alarm-msg-size backlog-alarm listen-queue-alarm lq-alarm "
            + "not-alarm-log not-log-alarm segfault-alarm"),
        .. Family(Refused, "Another kind of application than Python", "run it by its own server, and route to it in front",
            "cgi cgi-allowed-ext cgi-async-max-attempts cgi-buffer-size cgi-close-stdin-on-eof cgi-do-not-kill-on-error cgi-from-docroot "
            + "cgi-helper cgi-index cgi-loadlib cgi-map-helper cgi-mode cgi-optimize cgi-optimized cgi-path-info cgi-safe cgi-timeout cgi-unset "
            + "pam pam-user pty-connect pty-exec pty-input pty-log pty-no-isig pty-socket pty-uconnect webdav-add-collection-prop "
            + "webdav-add-collection-prop-comp webdav-add-collection-prop-href webdav-add-object-prop webdav-add-object-prop-comp "
            + "webdav-add-object-prop-href webdav-add-option webdav-add-prop webdav-add-prop-comp webdav-add-prop-href "
            + "webdav-add-rtype-collection-prop webdav-add-rtype-object-prop webdav-add-rtype-prop webdav-class-directory webdav-css webdav-div "
            + "webdav-javascript webdav-js webdav-lock-cache webdav-mount webdav-principal-base webdav-skip-prop"),
        .. Family(NotYet, "Remote procedure calls", "use a queue, or HTTP", "rpc-max"),
        .. Family(Refused, "An own loop of the workers", "threads serve; for many slow requests more threads", "loop"),
        .. Family(NotNeeded, "Coroutines of uWSGI are not used", null, "ugreen-stacksize"),
    ];
}
