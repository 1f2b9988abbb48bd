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
        new("hook-master-start", Text, NotYet, "Do something when the master starts") { Repeatable = true },
        new("hook-pre-app", Text, NotYet, "Do something before the application is loaded") { Repeatable = true },
        new("hook-post-app", Text, NotYet, "Do something after the application was loaded") { Repeatable = true },
        new("hook-asap", Text, NotYet, "Do something at once") { Repeatable = true },
        new("hook-pre-jail", Text, NotYet, "Do something before privileges are dropped") { Repeatable = true },
        new("hook-post-jail", Text, NotYet, "Do something around the drop of privileges") { Repeatable = true },
        new("hook-as-root", Text, NotYet, "Do something as root") { Repeatable = true },
        new("hook-as-user", Text, NotYet, "Do something as the user") { Repeatable = true },
        new("hook-as-user-atexit", Text, NotYet, "Do something as the user at the end") { Repeatable = true },
        new("hook-accepting1", Text, NotYet, "Do something when the first worker is ready") { Repeatable = true },
        new("exec-asap", Text, NotYet, "Run a command at once") { Repeatable = true },
        new("exec-pre-jail", Text, NotYet, "Run a command before privileges are dropped") { Repeatable = true },
        new("exec-post-jail", Text, NotYet, "Run a command around the drop of privileges") { Repeatable = true },
        new("exec-pre-app", Text, NotYet, "Run a command before the application is loaded") { Repeatable = true },
        new("exec-post-app", Text, NotYet, "Run a command after the application was loaded") { Repeatable = true },
        new("exec-as-root", Text, NotYet, "Run a command as root") { Repeatable = true },
        new("exec-as-user", Text, NotYet, "Run a command as the user") { Repeatable = true },
        new("exec-as-user-atexit", Text, NotYet, "Run a command as the user at the end") { Repeatable = true },
        new("mule", Text, NotYet, "A process without requests") { Advice = "run it as a unit or a container of its own", ValueOptional = true, Repeatable = true },
        new("mules", Integer, NotYet, "Processes without requests") { Advice = "run it as a unit or a container of its own" },
        new("spooler", Text, NotYet, "A directory of tasks to be worked off") { Advice = "use Celery, RQ or the like, as a unit of its own", Repeatable = true },
        new("spooler-processes", Integer, NotYet, "Processes that work off tasks"),
        new("spooler-frequency", Integer, NotYet, "Seconds between looks for tasks"),
        new("spooler-max-tasks", Integer, NotYet, "Tasks after which a spooler is replaced"),
        new("spooler-harakiri", Integer, NotYet, "Seconds that a task may take"),
        new("cache2", Text, Works, "A cache shared by all workers, for uwsgi.cache_get and its kin") { Aliases = ["cache"], Repeatable = true, Placeholder = "name=NAME,items=N" },
        new("locks", Integer, Works, "Locks beyond the first one, for uwsgi.lock(1) and so on") { Placeholder = "N" },
        new("queue", Integer, NotYet, "A queue shared by all workers") { Advice = "use Redis" },
        new("sharedarea", Text, NotYet, "Memory shared by all workers") { Advice = "use Redis, or multiprocessing.shared_memory", Repeatable = true },
    ];
}
