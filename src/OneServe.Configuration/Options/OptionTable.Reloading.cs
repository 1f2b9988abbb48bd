using static OneServe.Configuration.OptionKind;
using static OneServe.Configuration.OptionSupport;

namespace OneServe.Configuration;

public static partial class OptionTable
{
    private static OptionDefinition[] Reloading() =>
    [
        new("touch-reload", FilePath, NotYet, "Reload when a file changes") { Repeatable = true },
        new("touch-workers-reload", FilePath, NotYet, "Replace the workers when a file changes") { Repeatable = true },
        new("touch-chain-reload", FilePath, NotYet, "Replace one worker after the other when a file changes") { Repeatable = true },
        new("touch-mules-reload", FilePath, NotYet, "Replace the mules when a file changes") { Repeatable = true },
        new("touch-logrotate", FilePath, NotYet, "Rename the log when a file changes") { Repeatable = true },
        new("touch-logreopen", FilePath, NotYet, "Open the log again when a file changes") { Repeatable = true },
        new("touch-exec", Text, NotYet, "Run a command when a file changes") { Repeatable = true },
        new("fs-reload", FilePath, NotYet, "Reload when a file changes") { Repeatable = true },
        new("py-autoreload", Integer, NotYet, "Reload when Python code changes") { Aliases = ["python-autoreload", "py-auto-reload"] },
        new("max-requests", Integer, NotYet, "Replace a worker after so many requests") { Short = 'R' },
        new("max-requests-delta", Integer, NotYet, "More requests for each next worker"),
        new("min-worker-lifetime", Integer, NotYet, "Seconds before a worker may be replaced"),
        new("max-worker-lifetime", Integer, NotYet, "Seconds after which a worker is replaced"),
        new("max-worker-lifetime-delta", Integer, NotYet, "More seconds for each next worker"),
        new("reload-on-rss", Integer, NotYet, "Replace a worker that uses more memory, in MiB"),
        new("reload-on-as", Integer, NotYet, "Replace a worker with more address space, in MiB"),
        new("evil-reload-on-rss", Integer, NotYet, "Kill a worker that uses more memory, in MiB"),
        new("evil-reload-on-as", Integer, NotYet, "Kill a worker with more address space, in MiB"),
        new("mule-reload-mercy", Integer, NotYet, "Seconds that mules may take to finish"),
        new("exit-on-reload", Flag, NotYet, "End instead of reloading"),
    ];
}
