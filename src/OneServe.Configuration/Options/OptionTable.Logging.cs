using static OneServe.Configuration.OptionKind;
using static OneServe.Configuration.OptionSupport;

namespace OneServe.Configuration;

public static partial class OptionTable
{
    private static OptionDefinition[] Logging() =>
    [
        new("disable-logging", Flag, Works, "No access log") { Short = 'L' },
        new("logto", Text, NotYet, "Log to a file"),
        new("logto2", Text, NotYet, "Log to a file, opened after privileges were dropped"),
        new("daemonize", Text, NotYet, "Go to the background and log to a file; this server stays in the foreground") { Short = 'd' },
        new("daemonize2", Text, NotYet, "Go to the background when the application is loaded; this server stays in the foreground"),
        new("logger", Text, NotYet, "Where messages go") { Repeatable = true },
        new("req-logger", Text, NotYet, "Where the access log goes") { Aliases = ["logger-req"], Repeatable = true },
        new("log-route", Text, NotYet, "Messages for a logger by pattern") { Repeatable = true },
        new("log-req-route", Text, NotYet, "Access log lines for a logger by pattern") { Repeatable = true },
        new("log-master", Flag, AlwaysSo, "Log lines are written in order by their own writer"),
        new("log-master-bufsize", Integer, NotNeeded, "Buffers fit themselves"),
        new("threaded-logger", Flag, AlwaysSo, "Logging never blocks a request") { Aliases = ["threaded-log", "log-threaded"] },
        new("log-format", Text, NotYet, "Form of the access log") { Aliases = ["logformat"] },
        new("logformat-strftime", Flag, NotYet, "Format times in the access log") { Aliases = ["log-format-strftime"] },
        new("log-encoder", Text, NotYet, "Form of log lines") { Repeatable = true },
        new("log-req-encoder", Text, NotYet, "Form of access log lines") { Repeatable = true },
        new("log-date", Text, NotYet, "Date of log lines") { Aliases = ["logdate", "log-strftime"], ValueOptional = true },
        new("log-prefix", Text, NotYet, "What log lines begin with"),
        new("log-micros", Flag, NotYet, "Times in microseconds"),
        new("log-maxsize", Integer, NotYet, "Bytes after which the log file is renamed"),
        new("log-backupname", Text, NotYet, "Name of the renamed log file"),
        new("log-reopen", Flag, NotYet, "Open the log file again at a reload"),
        new("log-truncate", Flag, NotYet, "Empty the log file at start"),
        new("log-4xx", Flag, NotYet, "Log 4xx although disable-logging is set"),
        new("log-5xx", Flag, NotYet, "Log 5xx although disable-logging is set"),
        new("log-slow", Integer, NotYet, "Log requests slower than so many milliseconds"),
        new("log-big", Integer, NotYet, "Log answers larger than so many bytes"),
        new("log-zero", Flag, NotYet, "Log empty answers"),
        new("log-sendfile", Flag, NotYet, "Log files"),
        new("log-ioerror", Flag, NotYet, "Log clients that left"),
        new("logfile-chown", Flag, NotYet, "Give log files to the user") { Aliases = ["log-chown", "logfile-chmod"] },
        new("memory-report", Flag, NotYet, "Memory in access log lines") { Short = 'm' },
        new("stats", Text, NotYet, "Address that tells statistics as JSON") { Aliases = ["stats-server"], Repeatable = true },
        new("stats-http", Flag, NotYet, "Tell statistics by HTTP"),
        new("stats-minified", Flag, NotYet, "Tell statistics without white space") { Aliases = ["stats-min"] },
        new("enable-metrics", Flag, NotYet, "Collect metrics"),
        new("alarm", Text, NotYet, "An alarm") { Repeatable = true },
        new("alarm-log", Text, NotYet, "Raise an alarm on a log line") { Aliases = ["log-alarm"], Repeatable = true },
        new("alarm-segfault", Text, NotYet, "Raise an alarm on a crash") { Repeatable = true },
        new("alarm-backlog", Text, NotYet, "Raise an alarm on a full backlog") { Repeatable = true },
    ];
}
