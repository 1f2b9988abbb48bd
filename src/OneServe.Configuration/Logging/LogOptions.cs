using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>Where the log goes. Without any of it: standard output and standard error, as they are.</summary>
public sealed record LogOptions
{
    /// <summary>True when the log leaves standard error, or is changed on its way.</summary>
    public bool IsRedirected => File is not null || !Loggers.IsEmpty || !RequestLoggers.IsEmpty || !Encoders.IsEmpty || !RequestEncoders.IsEmpty;

    /// <summary>The lines that say where the log goes, to see whether they have changed.</summary>
    public string Receivers => string.Join(
        '\n',
        [
            File?.Value,
            .. Loggers.Concat(RequestLoggers).Select(static logger => logger.Setting.ToString()),
            .. Routes.Concat(RequestRoutes).Select(static route => route.Setting.ToString()),
            .. Encoders.Concat(RequestEncoders).Select(static encoder => encoder.Setting.ToString()),
        ]);

    /// <summary>
    /// `logto`, `logto2`, or the file of a server in the background: an absolute path, or `host:port` of a UDP receiver; null: standard error.
    /// </summary>
    public Setting? File { get; init; }

    /// <summary>`logger`: where messages go; and access lines, while there is no <see cref="RequestLoggers"/>.</summary>
    public ImmutableArray<LoggerOptions> Loggers { get; init; } = [];

    /// <summary>`req-logger`: where access lines go.</summary>
    public ImmutableArray<LoggerOptions> RequestLoggers { get; init; } = [];

    /// <summary>`log-route`.</summary>
    public ImmutableArray<LogRouteOptions> Routes { get; init; } = [];

    /// <summary>`log-req-route`.</summary>
    public ImmutableArray<LogRouteOptions> RequestRoutes { get; init; } = [];

    /// <summary>`log-encoder`, in the order in which they work on a line.</summary>
    public ImmutableArray<LogEncoderOptions> Encoders { get; init; } = [];

    /// <summary>`log-req-encoder`.</summary>
    public ImmutableArray<LogEncoderOptions> RequestEncoders { get; init; } = [];

    /// <summary>`log-maxsize`, bytes: a log file that has grown beyond it is renamed; 0: never.</summary>
    public long MaxSize { get; init; }

    /// <summary>`log-backupname`: what it is renamed to; null: its own name, a dot and the Unix time.</summary>
    public Setting? BackupName { get; init; }

    /// <summary>`log-truncate`: log files are emptied at the start.</summary>
    public bool Truncates { get; init; }

    /// <summary>`log-reopen`: a reload opens log files again.</summary>
    public bool ReopensAtReload { get; init; }

    /// <summary>`logfile-chown`, or `logto2`: log files belong to the user of `uid` and `gid`.</summary>
    public bool BelongsToUser { get; init; }

    /// <summary>`logfile-chmod`: mode of log files; null: 640 for a new one.</summary>
    public int? Mode { get; init; }

    /// <summary>`touch-logreopen`: opens log files again; absolute paths.</summary>
    public ImmutableArray<Setting> ReopenFiles { get; init; } = [];

    /// <summary>`touch-logrotate`: renames log files; absolute paths.</summary>
    public ImmutableArray<Setting> RotateFiles { get; init; } = [];

    /// <summary>`log-date` or `log-prefix`: strftime(3)'s form of what stands before the server's own messages; null: the date and time as always.</summary>
    public string? DateForm { get; init; }
}
