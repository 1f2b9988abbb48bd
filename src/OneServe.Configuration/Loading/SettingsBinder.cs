using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>Makes typed options of normalized settings. Needs nothing but them, so that every process makes the same.</summary>
internal sealed class SettingsBinder(DiagnosticList diagnostics)
{
    /// <summary>Slots of all workers together: the shared scoreboard has so many lines, the header and a reserve left out.</summary>
    private const int MaxSlots = 1000;

    /// <summary>Threads of one worker: the links of all its slots are passed to it in one message, which carries 253 descriptors (SCM_MAX_FD).</summary>
    private const int MaxThreads = 240;

    /// <summary>What listen(2) takes; net.core.somaxconn is a matter of the machine.</summary>
    private const int MaxBacklog = int.MaxValue;

    /// <summary>Bytes: what a request packet takes (256 KiB), with room for the environ's own keys.</summary>
    private const int MaxHead = 192 * 1024;

    private const int MinHead = 1024;

    private const int MaxQueue = 1_000_000;

    private const int MaxQueueSeconds = 24 * 60 * 60;

    private const int MaxStopGraceSeconds = 24 * 60 * 60;

    private const int MaxClientSeconds = 24 * 60 * 60;

    private const int MaxRate = 1_000_000_000;

    private const int MaxLoops = 64;

    private const int MaxConnections = 10_000_000;

    private const int MaxLocks = 10_000;

    /// <summary>The server's own pipes, links and files take some dozens.</summary>
    private const int MinOpenFiles = 128;

    private const int MaxOpenFiles = 1 << 30;

    public ServerOptions Bind(ImmutableArray<Setting> settings)
    {
        ILookup<string, Setting> byName = settings.ToLookup(setting => setting.Name);
        Setting? Last(string name) => byName[name].LastOrDefault();
        bool Flag(string name, bool whenAbsent) => Last(name) is { } setting ? setting.Value != "false" : whenAbsent;

        var defaults = new ServerOptions();
        int processes = Number(Last("processes"), 1, MaxSlots, defaults.Processes);
        var staticFiles = new StaticFileBinder(byName, diagnostics);
        var options = new ServerOptions
        {
            Listeners = Listeners(settings),
            Application = new ApplicationOptions
            {
                Module = Last("module"),
                Callable = Last("callable"),
                File = Last("wsgi-file"),
                Mounts = [.. byName["mount"]],
                ManageScriptName = Flag("manage-script-name", whenAbsent: false),
                Arguments = Last("pyargv"),
                Imports = [.. byName["import"]],
                SharedImports = [.. byName["shared-import"]],
                Directory = Last("chdir"),
                Home = Last("home"),
                PythonPath = [.. byName["pythonpath"]],
                Environment = [.. byName["env"]],
                Required = Flag("need-app", whenAbsent: true),
                Lazy = Flag("lazy-apps", whenAbsent: false),
                HasUwsgiModule = Flag("uwsgi-module", whenAbsent: true),
            },
            StaticMaps = staticFiles.Maps(),
            StaticFiles = staticFiles.Bind(),
            Routing = new RoutingBinder(settings, diagnostics).Bind(Last("chdir")?.Value),
            Processes = processes,
            Scaling = new ScalingBinder(Last, Number, diagnostics).Bind(processes, setting => Long(setting, 0, 0)),
            Threads = Number(Last("threads"), 1, MaxThreads, defaults.Threads),
            Gevent = new GeventBinder(Last, diagnostics).Bind(),
            Vacuum = Flag("vacuum", whenAbsent: false),
            PidFile = Last("pidfile"),
            MorePidFiles = ProcessBinder.PidFiles(Last),
            Daemon = ProcessBinder.Daemon(Last, diagnostics),
            Hooks = new HookBinder(diagnostics).Bind(settings),
            Attributes = new ProcessBinder(Last, setting => Number(setting, 0, int.MaxValue, 0)).Bind(Flag("auto-procname", whenAbsent: false)),
            User = Last("uid"),
            Group = Last("gid"),
            SocketMode = Last("chmod-socket") is { } mode ? OptionValue.ParseMode(mode.Value)?.Value : null,
            SocketOwner = Last("chown-socket"),
            ReusePort = Flag("reuse-port", whenAbsent: false),
            KeepAliveProbes = Flag("so-keepalive", whenAbsent: false),
            DisableLogging = Flag("disable-logging", whenAbsent: false),
            HeadLimit = Number(Last("buffer-size"), MinHead, MaxHead, defaults.HeadLimit),
            BodyLimit = Long(Last("limit-post"), 0, defaults.BodyLimit),
            Fifos = [.. byName["master-fifo"]],
            ReloadFiles = [.. settings.Where(static setting => setting.Name is "touch-reload" or "touch-workers-reload" or "touch-chain-reload")],
            Canary = TimeSpan.FromSeconds(Number(Last("reload-canary"), 0, MaxClientSeconds, (int)defaults.Canary.TotalSeconds)),
            ImportTimeout = Last("import-timeout") is { } patience ? TimeSpan.FromSeconds(Number(patience, 1, MaxClientSeconds, 1)) : null,
            Workers = new WorkerLimitBinder(Last, (setting, most) => Long(setting, 0, most, 0)).Bind(Flag("retry-requests", whenAbsent: true)),
            Clients = Clients(Last, defaults.Clients),
            Proxies = ProxyBinder.Bind(
                byName["trusted-proxies"],
                Flag("enable-proxy-protocol", whenAbsent: false),
                Flag("trust-forwarded-host", whenAbsent: false),
                diagnostics),
            EventLoops = Number(Last("http-processes"), 1, MaxLoops, defaults.EventLoops),
            MaxOpenFiles = Checked(Last("max-fd"), MinOpenFiles, MaxOpenFiles),
            QueueLimit = Number(Last("request-queue-limit"), 1, MaxQueue, defaults.QueueLimit),
            QueueTimeout = TimeSpan.FromSeconds(Number(Last("request-queue-timeout"), 0, MaxQueueSeconds, (int)defaults.QueueTimeout.TotalSeconds)),
            ResponseBufferLimit = Long(Last("response-buffer-limit"), 0, defaults.ResponseBufferLimit),
            Backlog = Number(Last("listen"), 1, MaxBacklog, defaults.Backlog),
            StopGrace = TimeSpan.FromSeconds(Number(Last("worker-reload-mercy"), 0, MaxStopGraceSeconds, (int)defaults.StopGrace.TotalSeconds)),
            Caches = CacheBinder.Bind(byName["cache2"], diagnostics),
            Locks = Number(Last("locks"), 0, MaxLocks, defaults.Locks),
            Settings = settings,
        };
        CheckSlots(options, Last("processes") ?? Last("threads"));
        CheckApplication(options.Application);
        return options;
    }

    private ImmutableArray<ListenerOptions> Listeners(ImmutableArray<Setting> settings)
    {
        var listeners = ImmutableArray.CreateBuilder<ListenerOptions>();
        foreach (Setting setting in settings.Where(setting => setting.Name is "http" or "http-socket" or "http-to-https"))
        {
            Setting? earlier = listeners.FirstOrDefault(listener => listener.Setting.Value == setting.Value)?.Setting;
            if (earlier is null)
            {
                var protocol = setting.Name == "http-to-https" ? ListenerProtocol.HttpToHttps : ListenerProtocol.Http;
                listeners.Add(new ListenerOptions(protocol, setting));
            }
            else
            {
                diagnostics.Warning($"`{setting}` is listened on already ({earlier.Source})", setting.Source);
            }
        }

        return listeners.ToImmutable();
    }

    private ClientOptions Clients(Func<string, Setting?> last, ClientOptions defaults)
    {
        TimeSpan? Seconds(string name) => last(name) is { } setting ? TimeSpan.FromSeconds(Number(setting, 1, MaxClientSeconds, 1)) : null;
        // Two names for one thing: uWSGI has a router and workers, each with sockets of its own. Nobody shall wait shorter than either asks for.
        TimeSpan[] silences = [.. new[] { Seconds("http-timeout"), Seconds("socket-timeout") }.OfType<TimeSpan>()];
        return new ClientOptions
        {
            HeadTimeout = Seconds("http-headers-timeout") ?? defaults.HeadTimeout,
            Silence = silences.Length > 0 ? silences.Max() : defaults.Silence,
            KeepAlive = KeepAlive(last("http-keepalive"), defaults.KeepAlive),
            MinimumBodyRate = Number(last("http-min-body-rate"), 0, MaxRate, defaults.MinimumBodyRate),
            MinimumResponseRate = Number(last("http-min-response-rate"), 0, MaxRate, defaults.MinimumResponseRate),
            MaxConnections = Number(last("max-connections"), 0, MaxConnections, defaults.MaxConnections),
            MaxConnectionsPerAddress = Number(last("max-connections-per-address"), 0, MaxConnections, defaults.MaxConnectionsPerAddress),
        };
    }

    /// <summary>A flag (1 counts as one), or seconds.</summary>
    private TimeSpan KeepAlive(Setting? setting, TimeSpan whenOn)
    {
        if (setting is null)
        {
            return whenOn;
        }

        if (OptionValue.ParseInteger(setting.Value)?.Value is > 1)
        {
            return TimeSpan.FromSeconds(Number(setting, 0, MaxClientSeconds, (int)whenOn.TotalSeconds));
        }

        return OptionValue.ParseBoolean(setting.Value).Value ? whenOn : TimeSpan.Zero;
    }

    private Setting? Checked(Setting? setting, int least, int most)
    {
        Number(setting, least, most, least);
        return setting;
    }

    private int Number(Setting? setting, int least, int most, int whenAbsent)
    {
        if (setting is null)
        {
            return whenAbsent;
        }

        long? value = OptionValue.ParseInteger(setting.Value)?.Value;
        if (value >= least && value <= most)
        {
            return (int)value;
        }

        diagnostics.Error($"`{setting.Name}` must be a number from {least} to {most}, not {setting.Value}", setting.Source);
        return whenAbsent;
    }

    private long Long(Setting? setting, long least, long whenAbsent) => Long(setting, least, long.MaxValue, whenAbsent);

    private long Long(Setting? setting, long least, long most, long whenAbsent)
    {
        if (setting is null)
        {
            return whenAbsent;
        }

        if (OptionValue.ParseInteger(setting.Value)?.Value is { } value && value >= least && value <= most)
        {
            return value;
        }

        string range = most == long.MaxValue ? "on" : $"to {most}";
        diagnostics.Error($"`{setting.Name}` must be a number from {least} {range}, not {setting.Value}", setting.Source);
        return whenAbsent;
    }

    private void CheckSlots(ServerOptions options, Setting? about)
    {
        int slots = options.Processes * options.Threads;
        if (slots > MaxSlots && about is not null)
        {
            diagnostics.Error(
                $"{options.Processes} processes with {options.Threads} threads each are {slots} requests at a time; at most {MaxSlots} are possible",
                about.Source,
                "lower `processes` or `threads`");
        }
    }

    private void CheckApplication(ApplicationOptions application)
    {
        if (application.Module is { } module && application.File is { } file)
        {
            diagnostics.Warning($"both `module` and `wsgi-file` ({file.Source}) are given: the module is loaded", module.Source, "keep one of them");
        }

        if (application.Module is { } name && (name.Value.Contains('/') || name.Value.EndsWith(".py", StringComparison.Ordinal)))
        {
            string message = $"`module` is the dotted name of a Python module, and {name.Value} looks like a file";
            diagnostics.Warning(message, name.Source, $"wsgi-file = {name.Value}");
        }

        foreach (Setting mount in application.Mounts)
        {
            int equals = mount.Value.IndexOf('=');
            if (equals < 0 || equals == mount.Value.Length - 1)
            {
                diagnostics.Error("`mount` needs a prefix and an application", mount.Source, "mount = /blog=blog.wsgi:application");
            }
        }

        foreach (Setting variable in application.Environment.Where(variable => variable.Value.StartsWith('=')))
        {
            diagnostics.Error("`env` needs a name before the =", variable.Source, "env = NAME=value");
        }
    }
}
