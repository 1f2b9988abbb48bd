using static OneServe.Configuration.OptionKind;
using static OneServe.Configuration.OptionSupport;

namespace OneServe.Configuration;

public static partial class OptionTable
{
    private static OptionDefinition[] Processes() =>
    [
        new("processes", Integer, Works, "Worker processes (default 1)") { Aliases = ["workers"], Short = 'p', Placeholder = "N" },
        new("threads", Integer, Works, "Requests that each worker handles at a time (default 1)") { Placeholder = "N" },
        new("master", Flag, AlwaysSo, "A master process supervises the others") { Short = 'M' },
        new("pidfile", FilePath, Works, "Write the master's process id to a file")
        {
            Origin = PathOrigin.StartDirectory, Placeholder = "FILE",
        },
        new("die-on-term", Flag, AlwaysSo, "TERM stops gracefully"),
        new("worker-reload-mercy", Integer, Works, "Seconds that requests may take to finish at a stop (default 8)")
        {
            Aliases = ["reload-mercy"], Placeholder = "SECONDS",
        },
        new("no-orphans", Flag, AlwaysSo, "No process outlives the master"),
        new("safe-pidfile", FilePath, NotYet, "A pidfile written when the start has succeeded") { Origin = PathOrigin.StartDirectory },
        new("pidfile2", FilePath, NotYet, "A pidfile written after privileges were dropped"),
        new("safe-pidfile2", FilePath, NotYet, "A pidfile written after privileges were dropped and the start has succeeded"),
        new("master-fifo", FilePath, Works, "A named pipe that takes commands: r reload, q stop, Q stop at once, s figures to the log")
        {
            Repeatable = true, Placeholder = "FILE",
        },
        new("procname", Text, NotYet, "Title of all processes"),
        new("procname-prefix", Text, NotYet, "What titles begin with"),
        new("procname-prefix-spaced", Text, NotYet, "What titles begin with, and a blank"),
        new("procname-append", Text, NotYet, "What titles end with"),
        new("procname-master", Text, NotYet, "Title of the master"),
        new("auto-procname", Flag, AlwaysSo, "Processes have telling titles"),
        new("cpu-affinity", Integer, NotNeeded, "The kernel places processes well"),
        new("threads-stacksize", Integer, NotYet, "Stack of worker threads") { Aliases = ["thread-stacksize", "thread-stack-size", "threads-stack-size"] },
        new("cheaper", Integer, NotYet, "Fewest workers") { Aliases = ["cheap"], ValueOptional = true },
        new("cheaper-initial", Integer, NotYet, "Workers at start"),
        new("cheaper-step", Integer, NotYet, "Workers added at a time"),
        new("cheaper-algo", Name, NotYet, "How the number of workers is found"),
        new("cheaper-overload", Integer, NotYet, "Seconds between decisions on the number of workers"),
        new("cheaper-rss-limit-soft", Integer, NotYet, "No more workers above this memory"),
        new("cheaper-rss-limit-hard", Integer, NotYet, "Fewer workers above this memory"),
        new("cheaper-busyness-max", Integer, NotYet, "Busyness above which workers are added"),
        new("cheaper-busyness-min", Integer, NotYet, "Busyness below which workers are ended"),
        new("cheaper-busyness-multiplier", Integer, NotYet, "Calm rounds before a worker is ended"),
        new("cheaper-busyness-penalty", Integer, NotYet, "More calm rounds after a wrong decision"),
        new("cheaper-busyness-verbose", Flag, NotYet, "Log decisions on the number of workers"),
        new("cheaper-busyness-backlog-alert", Integer, NotYet, "Waiting requests that start workers at once"),
        new("cheaper-busyness-backlog-multiplier", Integer, NotYet, "Rounds with waiting requests before workers are added"),
        new("cheaper-busyness-backlog-nonzero", Integer, NotYet, "Seconds with waiting requests before workers are added"),
        new("cheaper-busyness-backlog-step", Integer, NotYet, "Workers started for waiting requests"),
        new("idle", Integer, NotYet, "Seconds without requests before workers are ended"),
        new("die-on-idle", Flag, NotYet, "End when idle"),
        new("binary-path", FilePath, NotNeeded, "The executable knows where it is"),
        new("honour-stdin", Flag, NotYet, "Keep standard input for the application") { Aliases = ["honor-stdin"] },
        new("emperor", Text, Refused, "Supervise many configurations") { Advice = "use a systemd template unit, one instance a site", Repeatable = true },
        new("zerg", Text, Refused, "Share sockets between servers") { Advice = "a reload here keeps its listeners", Repeatable = true },
    ];
}
