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
        new("worker-reload-mercy", Integer, Works, "Seconds for requests to finish: at a stop (default 8), at a reload (60)")
        {
            Aliases = ["reload-mercy"], Placeholder = "SECONDS",
        },
        new("no-orphans", Flag, AlwaysSo, "No process outlives the master"),
        new("safe-pidfile", FilePath, Works, "The same when the start has succeeded") { Origin = PathOrigin.StartDirectory, Placeholder = "FILE" },
        new("pidfile2", FilePath, Works, "The same, in a file that belongs to the user of uid") { Placeholder = "FILE" },
        new("safe-pidfile2", FilePath, Works, "Both: when the start has succeeded, in a file of the user of uid") { Placeholder = "FILE" },
        new("master-fifo", FilePath, Works, "A named pipe that takes commands: r reload, q stop, Q stop at once, s figures to the log")
        {
            Repeatable = true, Placeholder = "FILE",
        },
        new("procname", Text, Works, "Title of all processes in ps, in place of their own") { Placeholder = "TITLE" },
        new("procname-prefix", Text, Works, "What titles begin with") { Placeholder = "TEXT" },
        new("procname-prefix-spaced", Text, Works, "What titles begin with, and a blank") { Placeholder = "TEXT" },
        new("procname-append", Text, Works, "What titles end with") { Placeholder = "TEXT" },
        new("procname-master", Text, Works, "Title of the master") { Placeholder = "TITLE" },
        new("auto-procname", Flag, Works, "Title of the master in place of its command line; the other processes have theirs anyway"),
        new("cpu-affinity", Integer, Works, "CPUs that each worker is bound to (default: the kernel chooses)") { Placeholder = "N" },
        new("threads-stacksize", Integer, NotYet, "Stack of worker threads") { Aliases = ["thread-stacksize", "thread-stack-size", "threads-stack-size"] },
        new("binary-path", FilePath, NotNeeded, "The executable knows where it is"),
        new("honour-stdin", Flag, NotYet, "Keep standard input for the application") { Aliases = ["honor-stdin"] },
        new("emperor", Text, Refused, "Supervise many configurations") { Advice = "use a systemd template unit, one instance a site", Repeatable = true },
        new("zerg", Text, Refused, "Share sockets between servers") { Advice = "a reload here keeps its listeners", Repeatable = true },
    ];
}
