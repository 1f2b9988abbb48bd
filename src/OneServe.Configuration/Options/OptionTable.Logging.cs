using static OneServe.Configuration.OptionKind;
using static OneServe.Configuration.OptionSupport;
using static OneServe.Configuration.PathOrigin;

namespace OneServe.Configuration;

public static partial class OptionTable
{
    private static OptionDefinition[] Logging() =>
    [
        new("disable-logging", Flag, Works, "No access log") { Short = 'L' },
        new("logto", LogTarget, Works, "Write the log to a file, or to HOST:PORT by UDP") { Origin = StartDirectory, Placeholder = "FILE" },
        new("logto2", LogTarget, Works, "The same, and the file belongs to the user of uid and gid") { Origin = StartDirectory, Placeholder = "FILE" },
        new("daemonize", FilePath, Works, "Go on in the background when the server is ready; the log goes to a file")
        {
            Origin = StartDirectory, Short = 'd', Placeholder = "FILE",
        },
        new("daemonize2", FilePath, Works, "The same; the file belongs to the user of uid, and its path begins at chdir") { Placeholder = "FILE" },
        new("logger", Text, Works, "Where messages go: file:PATH, stdio, fd:N, syslog:NAME, rsyslog:HOST:PORT, socket:ADDRESS; a NAME is for log-route")
        {
            Repeatable = true,
            Placeholder = "[NAME ]KIND:TARGET",
        },
        new("req-logger", Text, Works, "Where access lines go, likewise") { Aliases = ["logger-req"], Repeatable = true, Placeholder = "[NAME ]KIND:TARGET" },
        new("log-route", Text, Works, "Lines that match go to the logger of that name, and nowhere else") { Repeatable = true, Placeholder = "NAME REGEX" },
        new("log-req-route", Text, Works, "The same for access lines") { Repeatable = true, Placeholder = "NAME REGEX" },
        new("log-master", Flag, AlwaysSo, "Log lines are written in order by their own writer"),
        new("log-master-bufsize", Integer, NotNeeded, "Buffers fit themselves"),
        new("threaded-logger", Flag, AlwaysSo, "Logging never blocks a request") { Aliases = ["threaded-log", "log-threaded"] },
        new("log-format", Text, Works, "Form of the access line, with %(uri), %(status), %(msecs) …") { Aliases = ["logformat"], Placeholder = "TEXT" },
        new("logformat-strftime", Flag, Works, "%(ftime) has the form of log-date") { Aliases = ["log-format-strftime"] },
        new("log-encoder", Text, Works, "What is done to each line: json TEXT, format TEXT, prefix TEXT, suffix TEXT, nl") { Repeatable = true, Placeholder = "KIND[:LOGGER] TEXT" },
        new("log-req-encoder", Text, Works, "What is done to each access line, likewise") { Repeatable = true, Placeholder = "KIND[:LOGGER] TEXT" },
        new("log-date", Text, Works, "Date before the server's own messages, as strftime(3) forms it") { Aliases = ["logdate", "log-strftime"], ValueOptional = true, Placeholder = "FORM" },
        new("log-prefix", Text, Works, "Text before the server's own messages, in place of the date") { Placeholder = "TEXT" },
        new("log-micros", Flag, Works, "Access lines tell microseconds"),
        new("log-maxsize", Integer, Works, "Bytes beyond which a log file is renamed and begun anew") { Placeholder = "BYTES" },
        new("log-backupname", FilePath, Works, "What log-maxsize renames the file to (default: its name, a dot and the Unix time)") { Origin = StartDirectory, Placeholder = "FILE" },
        new("log-reopen", Flag, Works, "Open log files again at a reload"),
        new("log-truncate", Flag, Works, "Empty log files at the start"),
        new("log-4xx", Flag, Works, "Log answers 4xx although disable-logging is set"),
        new("log-5xx", Flag, Works, "Log answers 5xx although disable-logging is set"),
        new("log-slow", Integer, Works, "Log requests that took so many milliseconds although disable-logging is set") { Placeholder = "MS" },
        new("log-big", Integer, Works, "Log answers of so many bytes although disable-logging is set") { Placeholder = "BYTES" },
        new("log-zero", Flag, Works, "Log answers without a body although disable-logging is set"),
        new("log-sendfile", Flag, Works, "Log files that leave by sendfile(2) although disable-logging is set"),
        new("log-ioerror", Flag, Works, "Log requests whose client left before the answer although disable-logging is set"),
        new("logfile-chown", Flag, Works, "Log files belong to the user of uid and gid") { Aliases = ["log-chown"] },
        new("logfile-chmod", Octal, Works, "Mode of log files") { Aliases = ["log-chmod"], Placeholder = "MODE" },
        new("memory-report", Flag, Works, "Access lines begin with the memory of the worker's process") { Short = 'm' },
        new("stats", Text, NotYet, "Address that tells statistics as JSON") { Aliases = ["stats-server"], Repeatable = true },
        new("stats-http", Flag, NotYet, "Tell statistics by HTTP"),
        new("stats-minified", Flag, NotYet, "Tell statistics without white space"),
        new("enable-metrics", Flag, NotYet, "Collect metrics"),
        new("alarm", Text, NotYet, "An alarm") { Repeatable = true },
        new("alarm-log", Text, NotYet, "Raise an alarm on a log line") { Aliases = ["log-alarm"], Repeatable = true },
        new("alarm-segfault", Text, NotYet, "Raise an alarm on a crash") { Repeatable = true },
        new("alarm-backlog", Text, NotYet, "Raise an alarm on a full backlog") { Repeatable = true },
        new("show-config", Flag, NotYet, "Print the configuration at start"),
    ];
}
