namespace OneServe.Configuration;

/// <summary>Makes <see cref="GeventOptions"/> of `gevent` and of what uWSGI spells it out as: `loop = gevent` with `async`.</summary>
/// <param name="last">The setting that counts, by name.</param>
/// <param name="diagnostics">Where problems go.</param>
internal sealed class GeventBinder(Func<string, Setting?> last, DiagnosticList diagnostics)
{
    /// <summary>Each has a stack and what the application keeps for it; more of them than this are a typing error.</summary>
    private const int MostRequests = 10_000;

    private const string LoopName = "gevent";

    public GeventOptions Bind()
    {
        var loop = last("loop");
        var cores = last("async");
        bool isLoop = loop?.Value == LoopName;
        if (loop is not null && !isLoop)
        {
            diagnostics.Error($"there is no loop `{loop.Value}`", loop.Source, "gevent = 100 for greenlets, threads = 8 for threads");
        }

        if (cores is not null && !isLoop && last("gevent") is null)
        {
            diagnostics.Error("`async` is a number of greenlets, and needs to know whose", cores.Source, $"gevent = {cores.Value}");
        }

        var setting = last("gevent") ?? (isLoop ? cores : null);
        if (isLoop && setting is null)
        {
            diagnostics.Error("`loop = gevent` needs the number of requests that a worker serves at a time", loop!.Source, "gevent = 100");
        }

        var options = new GeventOptions
        {
            Requests = setting is null ? 0 : Requests(setting),
            Patches = last("gevent-monkey-patch")?.Value != "false",
            WaitsForHub = last("gevent-wait-for-hub") is { Value: not "false" },
        };
        if (options.Requests > 0)
        {
            CheckThreads(setting!);
        }
        else if (setting is null)
        {
            TellUseless("gevent-monkey-patch");
            TellUseless("gevent-wait-for-hub");
        }

        return options;
    }

    private int Requests(Setting setting)
    {
        if (OptionValue.IsPlainBoolean(setting.Value) && !OptionValue.ParseBoolean(setting.Value).Value)
        {
            return 0;
        }

        long number = OptionValue.ParseInteger(setting.Value)?.Value ?? -1;
        if (number == 0)
        {
            return 0;
        }

        if (number is < 0 or > MostRequests)
        {
            string message = $"`{setting.Name}` is the number of requests that a worker serves at a time, from 1 to {MostRequests}, not {setting.Value}";
            diagnostics.Error(message, setting.Source, $"{setting.Name} = 100");
            return 0;
        }

        if (number == 1)
        {
            diagnostics.Warning($"with `{setting.Name} = 1` a worker serves one request at a time", setting.Source, $"{setting.Name} = 100");
        }

        return (int)number;
    }

    /// <summary>uWSGI refuses it as well: its gevent loop runs in one thread.</summary>
    private void CheckThreads(Setting gevent)
    {
        if (last("threads") is { } threads && OptionValue.ParseInteger(threads.Value)?.Value > 1)
        {
            diagnostics.Error(
                $"`threads` and `{gevent.Name}` ({gevent.Source}) exclude each other: greenlets of one worker share one thread",
                threads.Source,
                "remove one of them; for more CPUs raise `processes`");
        }
    }

    private void TellUseless(string name)
    {
        if (last(name) is { Value: not "false" } setting)
        {
            diagnostics.Warning($"`{name}` has an effect with `gevent` only", setting.Source, "gevent = 100");
        }
    }
}
