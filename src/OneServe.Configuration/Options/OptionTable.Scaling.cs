using static OneServe.Configuration.OptionKind;
using static OneServe.Configuration.OptionSupport;

namespace OneServe.Configuration;

public static partial class OptionTable
{
    private static OptionDefinition[] Scaling() =>
    [
        new("cheaper", Integer, Works, "Fewest workers: their number follows the load, up to `processes`") { Placeholder = "N" },
        new("cheaper-initial", Integer, Works, "Workers at the start (default: as `cheaper`)") { Placeholder = "N" },
        new("cheaper-step", Integer, Works, "Workers added at a time (default 1)") { Placeholder = "N" },
        new("cheaper-algo", Name, Works, "How their number is found: spare (default), spare2, backlog, busyness, manual")
        {
            Placeholder = "NAME",
        },
        new("cheaper-overload", Integer, Works, "Seconds of load before workers are added; backlog: waiting requests; busyness: seconds of a round (default 3)")
        {
            Placeholder = "N",
        },
        new("cheaper-idle", Integer, Works, "spare2: calm seconds before a worker is ended (default 10)") { Placeholder = "SECONDS" },
        new("cheaper-rss-limit-soft", Integer, Works, "No worker is added while all together have so much resident memory") { Placeholder = "BYTES" },
        new("cheaper-rss-limit-hard", Integer, Works, "Workers are ended while all together have so much resident memory") { Placeholder = "BYTES" },
        new("cheaper-busyness-max", Integer, Works, "Percent of busyness above which workers are added (default 50)") { Placeholder = "PERCENT" },
        new("cheaper-busyness-min", Integer, Works, "Percent of busyness below which workers are ended (default 25)") { Placeholder = "PERCENT" },
        new("cheaper-busyness-multiplier", Integer, Works, "Calm rounds before a worker is ended (default 10)") { Placeholder = "N" },
        new("cheaper-busyness-penalty", Integer, Works, "Rounds more after a worker was ended too soon (default 2)") { Placeholder = "N" },
        new("cheaper-busyness-verbose", Flag, Works, "Log the busyness of every round"),
        new("cheaper-busyness-backlog-alert", Integer, Works, "Waiting requests beyond which workers are added at once (default 33)") { Placeholder = "N" },
        new("cheaper-busyness-backlog-multiplier", Integer, Works, "Calm rounds before a worker so added is ended (default 3)") { Placeholder = "N" },
        new("cheaper-busyness-backlog-step", Integer, Works, "Workers added at once for waiting requests (default 1)") { Placeholder = "N" },
        new("cheaper-busyness-backlog-nonzero", Integer, Works, "Seconds that requests may wait before workers are added at once (default 60)")
        {
            Placeholder = "SECONDS",
        },
        new("cheap", Flag, Works, "No worker is started before the first request"),
        new("idle", Integer, Works, "Seconds without a request after which all workers are ended; the next request brings them back")
        {
            Placeholder = "SECONDS",
        },
        new("die-on-idle", Flag, Works, "After `idle` seconds the server ends"),
    ];
}
