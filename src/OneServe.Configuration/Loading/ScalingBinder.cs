namespace OneServe.Configuration;

/// <summary>Makes <see cref="ScalingOptions"/> of the settings about an elastic pool, and says which of them do not go together.</summary>
/// <param name="last">The setting that counts, by name.</param>
/// <param name="number">Reads a number within bounds, or says what is wrong; the last is for when there is none.</param>
/// <param name="diagnostics">For what is wrong.</param>
internal sealed class ScalingBinder(Func<string, Setting?> last, Func<Setting?, int, int, int, int> number, DiagnosticList diagnostics)
{
    private const int MostWorkers = 1000;
    private const int MostSeconds = 10 * 365 * 24 * 60 * 60;
    private const int MostRounds = 1_000_000;
    private const int MostRequests = 1_000_000;

    private static readonly string[] BelongToCheaper =
    [
        "cheaper-initial", "cheaper-step", "cheaper-algo", "cheaper-overload", "cheaper-idle", "cheaper-rss-limit-soft", "cheaper-rss-limit-hard",
    ];

    private static readonly Dictionary<string, ScalingAlgorithm> Algorithms = new()
    {
        ["spare"] = ScalingAlgorithm.Spare,
        ["spare2"] = ScalingAlgorithm.Spare2,
        ["backlog"] = ScalingAlgorithm.Backlog,
        ["busyness"] = ScalingAlgorithm.Busyness,
        ["manual"] = ScalingAlgorithm.Manual,
    };

    /// <param name="processes">The most workers.</param>
    /// <param name="bytes">Reads a number of bytes, or says what is wrong.</param>
    public ScalingOptions Bind(int processes, Func<Setting?, long> bytes)
    {
        int least = Number("cheaper", 0, MostWorkers, 0);
        var algorithm = Algorithm(last("cheaper-algo"));
        bool isBusyness = algorithm == ScalingAlgorithm.Busyness;
        var options = new ScalingOptions
        {
            Least = least,
            Initial = Initial(least, processes),
            Step = Number("cheaper-step", 1, MostWorkers, 1),
            Algorithm = algorithm,
            Overload = last("cheaper-overload") is { } overload ? number(overload, isBusyness ? 1 : 0, MostSeconds, 3) : null,
            Calm = TimeSpan.FromSeconds(Number("cheaper-idle", 1, MostSeconds, 10)),
            ResidentToStay = bytes(last("cheaper-rss-limit-soft")),
            ResidentToShrink = bytes(last("cheaper-rss-limit-hard")),
            Busyness = Busyness(new BusynessOptions()),
            StartsAsleep = IsSet("cheap"),
            Idle = TimeSpan.FromSeconds(Number("idle", 0, MostSeconds, 0)),
            EndsWhenIdle = IsSet("die-on-idle"),
        };
        CheckBounds(options, processes);
        CheckMemory(options);
        CheckPointless(options);
        return options;
    }

    private int Number(string name, int least, int most, int whenAbsent) => number(last(name), least, most, whenAbsent);

    private bool IsSet(string name) => last(name) is { } setting && setting.Value != "false";

    private ScalingAlgorithm Algorithm(Setting? setting)
    {
        if (setting is null)
        {
            return ScalingAlgorithm.Spare;
        }

        if (Algorithms.TryGetValue(setting.Value, out var algorithm))
        {
            return algorithm;
        }

        diagnostics.Error($"`cheaper-algo` must be one of {string.Join(", ", Algorithms.Keys)}, not {setting.Value}", setting.Source);
        return ScalingAlgorithm.Spare;
    }

    /// <summary>As in uWSGI, what is out of bounds is brought to the nearer one, with a warning.</summary>
    private int Initial(int least, int processes)
    {
        if (last("cheaper-initial") is not { } setting || least == 0 || least >= processes)
        {
            return least;
        }

        int initial = number(setting, 0, int.MaxValue, least);
        if (initial >= least && initial <= processes)
        {
            return initial;
        }

        int taken = Math.Clamp(initial, least, processes);
        diagnostics.Warning(
            $"`cheaper-initial` must be a number from {least} (`cheaper`) to {processes} (`processes`), not {initial}: {taken} is taken",
            setting.Source,
            $"cheaper-initial = {taken}");
        return taken;
    }

    private BusynessOptions Busyness(BusynessOptions defaults) => new()
    {
        Most = Number("cheaper-busyness-max", 1, 100, defaults.Most),
        Least = Number("cheaper-busyness-min", 0, 100, defaults.Least),
        Rounds = Number("cheaper-busyness-multiplier", 1, MostRounds, defaults.Rounds),
        Penalty = Number("cheaper-busyness-penalty", 0, MostRounds, defaults.Penalty),
        Alert = Number("cheaper-busyness-backlog-alert", 0, MostRequests, defaults.Alert),
        AlertRounds = Number("cheaper-busyness-backlog-multiplier", 1, MostRounds, defaults.AlertRounds),
        AlertStep = Number("cheaper-busyness-backlog-step", 1, MostWorkers, defaults.AlertStep),
        AlertTime = TimeSpan.FromSeconds(Number("cheaper-busyness-backlog-nonzero", 1, MostSeconds, (int)defaults.AlertTime.TotalSeconds)),
        IsVerbose = IsSet("cheaper-busyness-verbose"),
    };

    private void CheckBounds(ScalingOptions options, int processes)
    {
        if (options.IsOn && options.Least >= processes)
        {
            diagnostics.Error(
                $"`cheaper` is the fewest workers and must be lower than `processes`, the most: {options.Least} is not lower than {processes}",
                last("cheaper")!.Source,
                processes > 1 ? $"cheaper = {processes - 1} or lower, or leave it out" : "processes = 2 or more, or leave it out");
        }

        if (options.IsOn && options.Algorithm == ScalingAlgorithm.Busyness && options.Busyness.Least >= options.Busyness.Most)
        {
            Setting about = last("cheaper-busyness-min") ?? last("cheaper-busyness-max")!;
            string bounds = $"`cheaper-busyness-min` ({options.Busyness.Least}) should be lower than `cheaper-busyness-max` ({options.Busyness.Most})";
            diagnostics.Warning($"{bounds}: workers will come and go without end", about.Source);
        }
    }

    private void CheckMemory(ScalingOptions options)
    {
        if (options.ResidentToShrink == 0)
        {
            return;
        }

        Setting hard = last("cheaper-rss-limit-hard")!;
        if (options.ResidentToStay == 0)
        {
            diagnostics.Error("`cheaper-rss-limit-hard` needs `cheaper-rss-limit-soft`, a lower one", hard.Source);
        }
        else if (options.ResidentToShrink <= options.ResidentToStay)
        {
            diagnostics.Error(
                $"`cheaper-rss-limit-hard` ({options.ResidentToShrink}) must be higher than `cheaper-rss-limit-soft` ({options.ResidentToStay})", hard.Source);
        }
    }

    private void CheckPointless(ScalingOptions options)
    {
        foreach (Setting setting in BelongToCheaper.Select(last).OfType<Setting>().Where(_ => !options.IsOn))
        {
            diagnostics.Warning($"`{setting.Name}` has no effect without `cheaper`", setting.Source, "cheaper = N is the fewest workers");
        }

        if (options.EndsWhenIdle && options.Idle == TimeSpan.Zero)
        {
            diagnostics.Warning("`die-on-idle` has no effect without `idle`", last("die-on-idle")!.Source, "idle = 600 is ten minutes");
        }
    }
}
