using static OneServe.Configuration.OptionKind;
using static OneServe.Configuration.OptionSupport;

namespace OneServe.Configuration;

public static partial class OptionTable
{
    private static OptionDefinition[] Reloading() =>
    [
        new("touch-reload", FilePath, Works, "Reload when a file changes") { Repeatable = true, Placeholder = "FILE" },
        new("touch-workers-reload", FilePath, Works, "The same as touch-reload") { Repeatable = true, Placeholder = "FILE" },
        new("touch-chain-reload", FilePath, Works, "Replace the workers one by one when a file changes (lazy-apps; else the same as touch-reload)") { Repeatable = true, Placeholder = "FILE" },
        new("reload-canary", Integer, Works, "Seconds for which a reload keeps the old workers, in case the new ones die of their first requests (default 2)")
        {
            Placeholder = "SECONDS",
        },
        new("import-timeout", Integer, Works, "Seconds that the application may take to come up (default: 300 at a reload, any at the start)") { Placeholder = "SECONDS" },
        new("touch-mules-reload", FilePath, NotYet, "Replace the mules when a file changes") { Repeatable = true },
        new("touch-logrotate", FilePath, NotYet, "Rename the log when a file changes") { Repeatable = true },
        new("touch-logreopen", FilePath, NotYet, "Open the log again when a file changes") { Repeatable = true },
        new("touch-exec", Text, NotYet, "Run a command when a file changes") { Repeatable = true },
        new("fs-reload", FilePath, Works, "Reload as soon as a file changes, or anything in a directory and below") { Repeatable = true, Placeholder = "PATH" },
        new("fs-brutal-reload", FilePath, Works, "The same as fs-reload") { Repeatable = true, Placeholder = "PATH" },
        new("py-autoreload", Integer, Works, "Reload as soon as Python code changes")
        {
            Aliases = ["python-autoreload", "py-auto-reload", "python-auto-reload"], ValueOptional = true, Placeholder = "SECONDS",
        },
        new("py-auto-reload-ignore", Name, Works, "A module or package whose changes do not reload") { Repeatable = true, Placeholder = "MODULE" },
        new("max-requests", Integer, Works, "Replace a worker's process when it has answered so many requests; the next one is ready before it goes")
        {
            Short = 'R',
            Placeholder = "N",
        },
        new("max-requests-delta", Integer, Works, "More requests for each further worker (default: a tenth of max-requests, spread over the workers)")
        {
            Placeholder = "N",
        },
        new("min-worker-lifetime", Integer, Works, "Seconds before a process is replaced for its requests or its memory (default 10)")
        {
            Placeholder = "SECONDS",
        },
        new("max-worker-lifetime", Integer, Works, "Seconds after which a worker's process is replaced") { Placeholder = "SECONDS" },
        new("max-worker-lifetime-delta", Integer, Works, "More seconds for each further worker") { Placeholder = "SECONDS" },
        new("reload-on-rss", Integer, Works, "Replace a worker's process that has more resident memory after a request, in MiB") { Placeholder = "MIB" },
        new("reload-on-as", Integer, Works, "Replace a worker's process with more address space after a request, in MiB") { Placeholder = "MIB" },
        new("evil-reload-on-rss", Integer, Works, "Kill a worker's process that has more resident memory, whatever it does, in MiB") { Placeholder = "MIB" },
        new("evil-reload-on-as", Integer, Works, "Kill a worker's process with more address space, whatever it does, in MiB") { Placeholder = "MIB" },
        new("mule-reload-mercy", Integer, NotYet, "Seconds that mules may take to finish"),
        new("exit-on-reload", Flag, NotYet, "End instead of reloading"),
    ];
}
