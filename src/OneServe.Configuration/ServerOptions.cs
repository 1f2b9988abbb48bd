using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>One configuration, read, expanded and checked; never changes. A generation of the server is made from one of these.</summary>
public sealed record ServerOptions
{
    /// <summary>Addresses to listen on, in order of declaration.</summary>
    public ImmutableArray<ListenerOptions> Listeners { get; init; } = [];

    public ApplicationOptions Application { get; init; } = new();

    /// <summary>Where files are looked for, in order: every `check-static`, every `static-map`, every `static-map2`.</summary>
    public ImmutableArray<StaticMapOptions> StaticMaps { get; init; } = [];

    public StaticFileOptions StaticFiles { get; init; } = new();

    /// <summary>What is decided about requests before files and application.</summary>
    public RoutingOptions Routing { get; init; } = new();

    /// <summary>`processes`: worker processes, at least 1.</summary>
    public int Processes { get; init; } = 1;

    /// <summary>`threads`: slots in each worker process, at least 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Greenlets instead of threads.</summary>
    public GeventOptions Gevent { get; init; } = new();

    /// <summary>`vacuum`: remove UNIX sockets and pidfiles at the end.</summary>
    public bool Vacuum { get; init; }

    /// <summary>`pidfile`, absolute; null when not asked.</summary>
    public Setting? PidFile { get; init; }

    /// <summary>`pidfile2`, `safe-pidfile`, `safe-pidfile2`: pidfiles besides <see cref="PidFile"/>.</summary>
    public ImmutableArray<PidFileOptions> MorePidFiles { get; init; } = [];

    /// <summary>`daemonize` or `daemonize2`: the server goes on in the background and its log goes to this file; null: it stays in the foreground.</summary>
    public DaemonOptions? Daemon { get; init; }

    /// <summary>`exec-*` and `hook-*`: what is done at the stages of the server's life, in order of declaration.</summary>
    public ImmutableArray<HookOptions> Hooks { get; init; } = [];

    /// <summary>Masks, limits and titles of the server's processes.</summary>
    public ProcessOptions Attributes { get; init; } = new();

    /// <summary>`uid`: a name or a number, unresolved; null: stay who we are.</summary>
    public Setting? User { get; init; }

    /// <summary>`gid`: a name or a number, unresolved.</summary>
    public Setting? Group { get; init; }

    /// <summary>`chmod-socket`: mode of UNIX sockets; null: what the umask leaves.</summary>
    public int? SocketMode { get; init; }

    /// <summary>`chown-socket`: `user`, `user:group` or `:group`, unresolved; null: the user and group of `uid` and `gid`.</summary>
    public Setting? SocketOwner { get; init; }

    /// <summary>`reuse-port`: other servers that say so too may listen on the same addresses.</summary>
    public bool ReusePort { get; init; }

    /// <summary>`so-keepalive`: the kernel probes silent TCP clients.</summary>
    public bool KeepAliveProbes { get; init; }

    /// <summary>Which requests have a line in the access log, and what it says.</summary>
    public AccessLogOptions AccessLog { get; init; } = new();

    /// <summary>Where the log goes. A reload does not change it.</summary>
    public LogOptions Log { get; init; } = new();

    /// <summary>`buffer-size`: bytes of a request's head (line and fields); beyond it 431.</summary>
    public int HeadLimit { get; init; } = 64 * 1024;

    /// <summary>`limit-post`: bytes of a request's body; 0: any. Beyond it 413.</summary>
    public long BodyLimit { get; init; }

    /// <summary>`master-fifo`, each an absolute path.</summary>
    public ImmutableArray<Setting> Fifos { get; init; } = [];

    /// <summary>`touch-reload`, `touch-workers-reload`, `touch-chain-reload`, each an absolute path.</summary>
    public ImmutableArray<Setting> ReloadFiles { get; init; } = [];

    /// <summary>`import-timeout`: how long a new generation may take to come up; null: at a reload <see cref="ReloadPatience"/>, at the start any time.</summary>
    public TimeSpan? ImportTimeout { get; init; }

    /// <summary>
    /// `reload-canary`: how long the generation before is kept, to come back when the new one's first requests kill its workers; zero: not. Default
    /// 2 s, zero with `py-autoreload`.
    /// </summary>
    public TimeSpan Canary { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A reload is given up after so long when nothing is said.</summary>
    public static readonly TimeSpan ReloadPatience = TimeSpan.FromMinutes(5);

    /// <summary>For whoever works on the application: `py-autoreload`, `fs-reload`, `catch-exceptions`.</summary>
    public DevelopmentOptions Development { get; init; } = new();

    public WorkerLimits Workers { get; init; } = new();

    /// <summary>How the number of workers follows the load.</summary>
    public ScalingOptions Scaling { get; init; } = new();

    /// <summary>Requests that one worker has in work at a time.</summary>
    public int RequestsPerProcess => Gevent.Requests > 0 ? Gevent.Requests : Threads;

    /// <summary>Workers of a generation when it begins.</summary>
    public int InitialProcesses => Scaling.StartsAsleep ? 0 : Scaling.IsOn ? Scaling.Initial : Processes;

    /// <summary>Workers that the first request after a while without any brings back.</summary>
    public int WakingProcesses => Scaling.IsOn ? Scaling.Least : Processes;

    public ClientOptions Clients { get; init; } = new();

    /// <summary>Who is believed when he says for whom he asks.</summary>
    public ProxyOptions Proxies { get; init; } = new();

    /// <summary>`http-processes`: event loops of the gateway, a thread each.</summary>
    public int EventLoops { get; init; } = 1;

    /// <summary>`max-fd`: descriptors of each process (RLIMIT_NOFILE); null: what the environment gives.</summary>
    public Setting? MaxOpenFiles { get; init; }

    /// <summary>`request-queue-limit`: requests that may wait for a worker; beyond it 503.</summary>
    public int QueueLimit { get; init; } = 8192;

    /// <summary>`request-queue-timeout`: how long a request may wait for a worker before it is answered 503; zero: for ever.</summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>`response-buffer-limit`: bytes of one answer that are kept for a slow client; beyond it the worker waits.</summary>
    public long ResponseBufferLimit { get; init; } = 1L << 30;

    /// <summary>`listen`: backlog of the listening sockets. The kernel takes no more than net.core.somaxconn.</summary>
    public int Backlog { get; init; } = 4096;

    /// <summary>How long a stop may take before what is left is killed. Default 8 s: under the 10 s that container engines give.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>`cache2`: memory that workers share, in order of declaration.</summary>
    public ImmutableArray<CacheOptions> Caches { get; init; } = [];

    /// <summary>`locks`: locks of the module `uwsgi` beyond the first one.</summary>
    public int Locks { get; init; }

    /// <summary>What was written and is no option: placeholders, and what the application may look up in `uwsgi.opt`. The gateway has none.</summary>
    public ImmutableArray<Setting> Placeholders { get; init; } = [];

    /// <summary>What `%n` and its kin stood for in the first file, by their letters. The gateway has none.</summary>
    public ImmutableDictionary<char, string> MagicVariables { get; init; } = ImmutableDictionary<char, string>.Empty;

    /// <summary>`fallback-config`: the file to start with when this start fails.</summary>
    public Setting? FallbackConfiguration { get; init; }

    /// <summary>`show-config`: what is in force is printed at the start.</summary>
    public bool ShowsConfiguration { get; init; }

    /// <summary>Every setting in force, in order, as it was applied (what the gateway is sent).</summary>
    public ImmutableArray<Setting> Settings { get; init; } = [];
}

/// <summary>What to load and with which Python.</summary>
public sealed record ApplicationOptions
{
    /// <summary>True when the configuration names an application; otherwise only files are served.</summary>
    public bool IsNamed => Module is not null || File is not null || !Mounts.IsEmpty;

    /// <summary>The same module, file and directory; what else there is may differ.</summary>
    public bool NamesTheSameAs(ApplicationOptions other)
        => Module?.Value == other.Module?.Value && File?.Value == other.File?.Value && Directory?.Value == other.Directory?.Value;

    /// <summary>`module`/`wsgi`: `pkg.mod`, `pkg.mod:callable`, `pkg.mod:factory()`.</summary>
    public Setting? Module { get; init; }

    /// <summary>`callable`: the name looked up in the module; null: `application`.</summary>
    public Setting? Callable { get; init; }

    /// <summary>`wsgi-file`: a Python file, absolute or relative to <see cref="Directory"/>.</summary>
    public Setting? File { get; init; }

    /// <summary>`mount`, each `/prefix=target`, in order of declaration.</summary>
    public ImmutableArray<Setting> Mounts { get; init; } = [];

    /// <summary>`manage-script-name`: the prefix of a mount becomes SCRIPT_NAME, the rest PATH_INFO.</summary>
    public bool ManageScriptName { get; init; }

    /// <summary>`pyargv`: what follows the first word of sys.argv.</summary>
    public Setting? Arguments { get; init; }

    /// <summary>`import`: modules or files imported before the application, where that is imported.</summary>
    public ImmutableArray<Setting> Imports { get; init; } = [];

    /// <summary>`shared-import`: modules or files imported once, before the workers are forked.</summary>
    public ImmutableArray<Setting> SharedImports { get; init; } = [];

    /// <summary>`chdir`: the application's working directory, absolute; null: where the server was started.</summary>
    public Setting? Directory { get; init; }

    /// <summary>`home`/`virtualenv`: root of a virtual environment or a Python prefix, absolute.</summary>
    public Setting? Home { get; init; }

    /// <summary>`pythonpath`, in order of declaration (each is put in front of sys.path in turn).</summary>
    public ImmutableArray<Setting> PythonPath { get; init; } = [];

    /// <summary>`env`: `K=V` sets, `K` alone unsets; in order.</summary>
    public ImmutableArray<Setting> Environment { get; init; } = [];

    /// <summary>`need-app`: a start without an application fails. Default true.</summary>
    public bool Required { get; init; } = true;

    /// <summary>`uwsgi-module`: there is a module `uwsgi`. Default true.</summary>
    public bool HasUwsgiModule { get; init; } = true;

    /// <summary>`lazy-apps`: import in each worker, not once before they are forked.</summary>
    public bool Lazy { get; init; }
}

/// <summary>One address to listen on.</summary>
/// <param name="Protocol">What is spoken there.</param>
/// <param name="Setting">
/// `http`, `http-socket`, `socket`, `uwsgi-socket` or `http-to-https` as written: `host:port`, `:port`, `[::]:port`, a path (with `chdir` applied: absolute), `@abstract`, `fd://3`.
/// </param>
public sealed record ListenerOptions(ListenerProtocol Protocol, Setting Setting);

public enum ListenerProtocol
{
    Http,

    /// <summary>`http-to-https`: each request is answered by a redirect.</summary>
    HttpToHttps,

    /// <summary>`uwsgi-socket`, and `socket` unless `protocol` says otherwise: the uwsgi protocol, which a server in front speaks.</summary>
    Uwsgi,
}
