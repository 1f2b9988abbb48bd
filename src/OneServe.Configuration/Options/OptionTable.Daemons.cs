using static OneServe.Configuration.OptionKind;
using static OneServe.Configuration.OptionSupport;

namespace OneServe.Configuration;

public static partial class OptionTable
{
    private static OptionDefinition[] Daemons() =>
    [
        new("attach-daemon", Text, NotYet, "Run a command beside the workers") { Advice = "run it as a unit or a container of its own", Repeatable = true },
        new("attach-daemon2", Text, NotYet, "Run a command beside the workers, with options") { Advice = "run it as a unit or a container of its own", Repeatable = true },
        new("smart-attach-daemon", Text, NotYet, "Run a command that has a pidfile") { Advice = "run it as a unit or a container of its own", Aliases = ["smart-attach-daemon2"], Repeatable = true },
        new("legion-attach-daemon", Text, NotYet, "Run a command on one machine of many") { Advice = "run it as a unit or a container of its own", Repeatable = true },
        new("cron", Text, NotYet, "Run a command at times") { Advice = "use a systemd timer, cron(8), or a CronJob", Repeatable = true },
        new("cron2", Text, NotYet, "Run a command at times, with options") { Advice = "use a systemd timer, cron(8), or a CronJob", Repeatable = true },
        new("unique-cron", Text, NotYet, "Run a command at times, never twice at once") { Advice = "use a systemd timer, cron(8), or a CronJob", Repeatable = true },
        new("exec-asap", Text, Works, "Run a command before anything else is done") { Repeatable = true, Placeholder = "COMMAND" },
        new("exec-pre-jail", Text, Works, "Run a command when the pidfile is there") { Repeatable = true, Placeholder = "COMMAND" },
        new("exec-in-jail", Text, Works, "Run a command before privileges are dropped") { Repeatable = true, Placeholder = "COMMAND" },
        new("exec-as-root", Text, Works, "Run a command as root before privileges are dropped") { Repeatable = true, Placeholder = "COMMAND" },
        new("exec-as-user", Text, Works, "Run a command as the user of uid, before addresses are bound") { Repeatable = true, Placeholder = "COMMAND" },
        new("exec-pre-app", Text, Works, "Run a command as the user of uid before the application is loaded, at reloads too") { Repeatable = true, Placeholder = "COMMAND" },
        new("exec-post-app", Text, Works, "Run a command when the application has been loaded, at reloads too") { Repeatable = true, Placeholder = "COMMAND" },
        new("exec-as-user-atexit", Text, Works, "Run a command as the user of uid at the end") { Repeatable = true, Placeholder = "COMMAND" },
        new("hook-asap", Text, Works, "As exec-asap: an action, such as exec:COMMAND, mkdir:DIRECTORY, write:FILE TEXT") { Repeatable = true, Placeholder = "ACTION:ARGUMENT" },
        new("hook-pre-jail", Text, Works, "As exec-pre-jail, an action") { Repeatable = true, Placeholder = "ACTION:ARGUMENT" },
        new("hook-in-jail", Text, Works, "As exec-in-jail, an action") { Repeatable = true, Placeholder = "ACTION:ARGUMENT" },
        new("hook-as-root", Text, Works, "As exec-as-root, an action") { Repeatable = true, Placeholder = "ACTION:ARGUMENT" },
        new("hook-as-user", Text, Works, "As exec-as-user, an action") { Repeatable = true, Placeholder = "ACTION:ARGUMENT" },
        new("hook-pre-app", Text, Works, "As exec-pre-app, an action") { Repeatable = true, Placeholder = "ACTION:ARGUMENT" },
        new("hook-post-app", Text, Works, "As exec-post-app, an action") { Repeatable = true, Placeholder = "ACTION:ARGUMENT" },
        new("hook-master-start", Text, Works, "An action when the first workers are ready") { Repeatable = true, Placeholder = "ACTION:ARGUMENT" },
        new("hook-accepting", Text, Works, "An action whenever a worker is ready") { Repeatable = true, Placeholder = "ACTION:ARGUMENT" },
        new("hook-accepting1", Text, Works, "An action whenever worker 1 is ready") { Repeatable = true, Placeholder = "ACTION:ARGUMENT" },
        new("hook-as-user-atexit", Text, Works, "As exec-as-user-atexit, an action") { Repeatable = true, Placeholder = "ACTION:ARGUMENT" },
        new("exec-post-jail", Text, NotNeeded, "Runs behind a jail of namespaces only, and there is none here") { Repeatable = true },
        new("hook-post-jail", Text, NotNeeded, "Runs behind a jail of namespaces only, and there is none here") { Repeatable = true },
        new("mule", Text, NotYet, "A process without requests") { Advice = "run it as a unit or a container of its own", ValueOptional = true, Repeatable = true },
        new("mules", Integer, NotYet, "Processes without requests") { Advice = "run it as a unit or a container of its own" },
        new("spooler", Text, NotYet, "A directory of tasks to be worked off") { Advice = "use Celery, RQ or the like, as a unit of its own", Repeatable = true },
        new("spooler-processes", Integer, NotYet, "Processes that work off tasks"),
        new("spooler-frequency", Integer, NotYet, "Seconds between looks for tasks"),
        new("spooler-max-tasks", Integer, NotYet, "Tasks after which a spooler is replaced"),
        new("spooler-harakiri", Integer, NotYet, "Seconds that a task may take"),
        new("cache2", Text, Works, "A cache shared by all workers, for uwsgi.cache_get and its kin")
        {
            Aliases = ["cache"], Repeatable = true, Placeholder = "name=NAME,items=N",
        },
        new("locks", Integer, Works, "Locks beyond the first one, for uwsgi.lock(1) and so on") { Placeholder = "N" },
        new("queue", Integer, NotYet, "A queue shared by all workers") { Advice = "use Redis" },
        new("sharedarea", Text, NotYet, "Memory shared by all workers") { Advice = "use Redis, or multiprocessing.shared_memory", Repeatable = true },
    ];
}
