using System.Text;
using System.Text.RegularExpressions;
using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe.Master.Logging;

/// <summary>
/// Takes everything that the server's processes write and brings it where the configuration says. Standard output and standard error of this process
/// become a pipe, which all others inherit; access lines have a pipe of their own. One thread reads both: a file has one writer, and is renamed
/// or opened anew between two lines, without anybody else taking part.
/// </summary>
internal sealed class LogCollector : IDisposable
{
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    /// <summary>How long a line may have no end before it is written all the same, ms.</summary>
    private const int RestDelay = 300;

    /// <summary>How long the end waits for receivers that take nothing, ms.</summary>
    private const int LastWrite = 3000;

    /// <summary>A pattern may take so long on a line.</summary>
    private static readonly TimeSpan MatchTime = TimeSpan.FromMilliseconds(50);

    private readonly SafeDescriptor _output;
    private readonly SafeDescriptor _console;
    private readonly SafeDescriptor _wake = Descriptors.Event();
    private readonly LogReceivers _receivers;
    private readonly LogInput _messages;
    private readonly LogInput _requests;
    private readonly Thread _thread;
    private volatile bool _reopens, _rotates, _ends;

    private LogCollector(LogOptions options, Credentials? user, bool isBackground)
    {
        _output = isBackground ? Descriptors.OpenNothing() : Duplicate(StandardOutput);
        _console = isBackground ? Descriptors.OpenNothing() : Duplicate(StandardError);
        _receivers = new LogReceivers(options, user, _console.Number, TellConsole);
        bool isRequestsOwn = !options.RequestLoggers.IsEmpty;
        var named = Named(options);
        var encoders = options.RequestEncoders.IsEmpty && !isRequestsOwn ? options.Encoders : options.RequestEncoders;
        var routes = options.RequestRoutes.IsEmpty && !isRequestsOwn ? options.Routes : options.RequestRoutes;
        _messages = new LogInput(Router(options.Loggers, options.Routes, options.Encoders, named), user);
        _requests = new LogInput(Router(isRequestsOwn ? options.RequestLoggers : options.Loggers, routes, encoders, named), user: null);
        _thread = new Thread(Run) { IsBackground = true, Name = "log" };
    }

    /// <summary>Takes over standard output and standard error. Null: the configuration asks for nothing of the kind.</summary>
    /// <param name="options">Where the log goes.</param>
    /// <param name="user">Who the gateway and the application run as; null: this user.</param>
    /// <param name="isBackground">Nobody reads what was standard error for long: it is let go of.</param>
    /// <exception cref="StartException">One of the receivers cannot be written to.</exception>
    public static LogCollector? Start(LogOptions options, Credentials? user, bool isBackground)
    {
        if (!options.IsRedirected)
            return null;
        var collector = new LogCollector(options, user, isBackground);
        Descriptors.Replace(StandardOutput, collector._messages.WriteEnd).OrThrow("dup2");
        Descriptors.Replace(StandardError, collector._messages.WriteEnd).OrThrow("dup2");
        // What the runtime says of a crash is read by nobody when this process has gone.
        AppDomain.CurrentDomain.UnhandledException += (_, _) => Descriptors.Replace(StandardError, collector.LastResort);
        collector._thread.Start();
        return collector;
    }

    /// <summary>What the gateway writes access lines to.</summary>
    public int RequestsEnd => _requests.WriteEnd;

    /// <summary>Opens log files anew under their names.</summary>
    public void Reopen()
    {
        _reopens = true;
        Descriptors.Signal(_wake.Number);
    }

    /// <summary>Renames log files and begins new ones.</summary>
    public void Rotate()
    {
        _rotates = true;
        Descriptors.Signal(_wake.Number);
    }

    /// <summary>Tells whoever has started the server, where standard error was; not when nobody reads there.</summary>
    public void TellConsole(string text)
    {
        var entry = new PollEntry { Descriptor = _console.Number, Wanted = PollEvents.Writable };
        if (Polling.Wait(new Span<PollEntry>(ref entry), timeout: 0) is { IsError: false, Int: > 0 })
            Descriptors.Write(_console.Number, Encoding.UTF8.GetBytes($"oneserve: {text}\n"));
    }

    /// <summary>Gives standard output and standard error back, and writes what is left in the pipes. Every other process has ended.</summary>
    public void Dispose()
    {
        Descriptors.Replace(StandardOutput, _output.Number);
        Descriptors.Replace(StandardError, _console.Number);
        _ends = true;
        Descriptors.Signal(_wake.Number);
        // A receiver that hangs (a network file system) keeps the thread: it ends with the process.
        if (!_thread.Join(LastWrite))
            return;
        _messages.Dispose();
        _requests.Dispose();
        _receivers.Dispose();
        _wake.Dispose();
        _console.Dispose();
        _output.Dispose();
    }

    private static SafeDescriptor Duplicate(int descriptor) => new((int)Descriptors.Duplicate(descriptor).OrThrow("fcntl"));

    private int LastResort => _receivers.All.OfType<FileReceiver>().FirstOrDefault()?.Descriptor ?? _console.Number;

    private void Run()
    {
        Span<PollEntry> entries =
        [
            new PollEntry { Descriptor = _messages.ReadEnd, Wanted = PollEvents.Readable },
            new PollEntry { Descriptor = _requests.ReadEnd, Wanted = PollEvents.Readable },
            new PollEntry { Descriptor = _wake.Number, Wanted = PollEvents.Readable },
        ];
        Span<byte> signal = stackalloc byte[sizeof(ulong)];
        bool ends;
        do
        {
            // Looked at before the pipes: what was written before the end was told is in them.
            ends = _ends;
            if (!ends && Polling.Wait(entries, _messages.HasRest ? RestDelay : -1) is { IsError: false, Int: 0 })
                _messages.TakeRest();
            if (entries[^1].Returned != 0)
                Descriptors.Read(_wake.Number, signal);
            while (_messages.Take() | _requests.Take())
                CarryOut();
            CarryOut();
        }
        while (!ends);
        _messages.TakeRest();
        _requests.TakeRest();
    }

    private void CarryOut()
    {
        if (_rotates)
        {
            _rotates = false;
            foreach (var receiver in _receivers.All)
                receiver.Rotate();
        }
        if (_reopens)
        {
            _reopens = false;
            foreach (var receiver in _receivers.All)
                receiver.Reopen();
        }
    }

    /// <summary>The loggers with a name, whatever list they stand in: routes of either kind may lead to them.</summary>
    private static Dictionary<string, LoggerOptions> Named(LogOptions options)
    {
        var named = new Dictionary<string, LoggerOptions>(StringComparer.Ordinal);
        foreach (var logger in options.Loggers.Concat(options.RequestLoggers))
        {
            if (logger.Id is { } id)
                named[id] = logger;
        }
        return named;
    }

    private LogRouter Router(
        IEnumerable<LoggerOptions> loggers,
        IEnumerable<LogRouteOptions> routes,
        IReadOnlyList<LogEncoderOptions> encoders,
        Dictionary<string, LoggerOptions> named)
    {
        LogOutput Output(ILogReceiver receiver, string? id)
            => new(receiver, [.. encoders.Where(encoder => encoder.Logger is null || encoder.Logger == id).Select(static encoder => new LogEncoder(encoder))]);
        var outputs = loggers.Where(static logger => logger.Id is null).Select(logger => Output(_receivers.Of(logger), null)).ToList();
        if (outputs.Count == 0)
            outputs.Add(Output(_receivers.Standard, null));
        return new LogRouter(
            outputs,
            [
                .. routes.Select(route => (
                    new Regex(route.Pattern, RegexOptions.CultureInvariant, MatchTime), Output(_receivers.Of(named[route.Logger]), route.Logger))),
            ]);
    }
}
