using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>Makes the typed options of the log.</summary>
/// <param name="byName">The settings in force.</param>
/// <param name="flag">Whether a flag is set; an absent one is not.</param>
/// <param name="number">Reads a number from 0 on, or says what is wrong.</param>
internal sealed class LogBinder(ILookup<string, Setting> byName, Func<string, bool> flag, Func<Setting?, long> number, DiagnosticList diagnostics)
{
    /// <summary>ctime(3)'s form, which uWSGI takes when `log-date` says no other.</summary>
    private const string ClockTime = "%a %b %e %H:%M:%S %Y";

    private readonly LoggerReader _reader = new(diagnostics);

    public LogOptions Bind()
    {
        ImmutableArray<LoggerOptions> loggers = [.. byName["logger"].Select(_reader.ReadLogger).OfType<LoggerOptions>()];
        ImmutableArray<LoggerOptions> requestLoggers = [.. byName["req-logger"].Select(_reader.ReadLogger).OfType<LoggerOptions>()];
        HashSet<string> ids = [.. loggers.Concat(requestLoggers).Select(static logger => logger.Id).OfType<string>()];
        // In uWSGI's order: each is opened after the one behind it.
        Setting? file = Last("logto2") ?? Last("daemonize") ?? Last("daemonize2") ?? Last("logto");
        return new LogOptions
        {
            File = file,
            Loggers = loggers,
            RequestLoggers = requestLoggers,
            Routes = [.. byName["log-route"].Select(setting => _reader.ReadRoute(setting, ids)).OfType<LogRouteOptions>()],
            RequestRoutes = [.. byName["log-req-route"].Select(setting => _reader.ReadRoute(setting, ids)).OfType<LogRouteOptions>()],
            Encoders = [.. byName["log-encoder"].Select(setting => _reader.ReadEncoder(setting, ids)).OfType<LogEncoderOptions>()],
            RequestEncoders = [.. byName["log-req-encoder"].Select(setting => _reader.ReadEncoder(setting, ids)).OfType<LogEncoderOptions>()],
            MaxSize = number(Last("log-maxsize")),
            BackupName = Last("log-backupname"),
            Truncates = flag("log-truncate"),
            ReopensAtReload = flag("log-reopen"),
            BelongsToUser = flag("logfile-chown") || file?.Name is "logto2" or "daemonize2",
            Mode = Last("logfile-chmod") is { } mode ? OptionValue.ParseMode(mode.Value)?.Value : null,
            ReopenFiles = [.. byName["touch-logreopen"]],
            RotateFiles = [.. byName["touch-logrotate"]],
            DateForm = Date() is { } date ? FormOf(date) ?? ClockTime : null,
        };
    }

    public AccessLogOptions BindAccessLog() => new()
    {
        LogsAll = !flag("disable-logging"),
        Format = CheckedFormat(),
        TimeForm = flag("logformat-strftime") && Date() is { } date ? FormOf(date) : null,
        Microseconds = flag("log-micros"),
        Memory = flag("memory-report"),
        ClientErrors = flag("log-4xx"),
        ServerErrors = flag("log-5xx"),
        Slow = number(Last("log-slow")),
        Big = number(Last("log-big")),
        Empty = flag("log-zero"),
        Files = flag("log-sendfile"),
        Broken = flag("log-ioerror"),
    };

    /// <summary>They are one thing in uWSGI, too; `log-date = false` is none.</summary>
    private Setting? Date()
    {
        Setting? date = Last("log-prefix") ?? Last("log-date");
        return date is null || (OptionValue.IsPlainBoolean(date.Value) && !OptionValue.ParseBoolean(date.Value).Value) ? null : date;
    }

    private static string? FormOf(Setting date) => date.Name == "log-date" && OptionValue.IsPlainBoolean(date.Value) ? null : date.Value;

    /// <summary>Names that are not known may be set by the application; what is near to a known one is a typing error.</summary>
    private Setting? CheckedFormat()
    {
        if (Last("log-format") is not { } format)
        {
            return null;
        }

        foreach (LogFormatPart part in LogFormat.Parse(format.Value))
        {
            if (part.Variable == LogVariable.Metric)
            {
                diagnostics.Warning($"`%(metric.{part.Text})` is always 0: there are no metrics here", format.Source);
            }
            else if (part.Variable == LogVariable.Application)
            {
                string? near = LogFormat.Names.FirstOrDefault(name => OptionSuggestion.Distance(name, part.Text) == 1);
                string message = $"`%({part.Text})` is a - unless the application sets it (uwsgi.set_logvar)";
                if (near is null)
                {
                    diagnostics.Notice(message, format.Source);
                }
                else
                {
                    diagnostics.Warning(message, format.Source, $"did you mean %({near})?");
                }
            }
        }

        return format;
    }

    private Setting? Last(string name) => byName[name].LastOrDefault();
}
