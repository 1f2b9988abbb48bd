using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace OneServe.Configuration;

/// <summary>Reads loggers, log routes and log encoders.</summary>
internal sealed class LoggerReader(DiagnosticList diagnostics)
{
    private static readonly SearchValues<char> LettersAndDigits =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    private const string KnownVariables = "there are ${msg}, ${msgnl}, ${unix}, ${millis}, ${micros}, ${strftime:%%Y-%%m-%%d}";

    private const string KnownEngines = "file, stdio, fd, syslog, rsyslog and socket";

    /// <summary>`[id ]engine[:argument]`; null after an error.</summary>
    public LoggerOptions? ReadLogger(Setting setting)
    {
        string text = setting.Value;
        string? id = null;
        int blank = text.IndexOf(' ');
        if (blank > 0 && text.AsSpan(0, blank).IndexOfAnyExcept(LettersAndDigits) < 0)
        {
            id = text[..blank];
            text = text[(blank + 1)..].TrimStart();
        }

        int colon = text.IndexOf(':');
        string argument = colon < 0 ? "" : text[(colon + 1)..];
        LogEngine? engine = (colon < 0 ? text : text[..colon]) switch
        {
            "file" => LogEngine.File,
            "stdio" or "systemd" => LogEngine.StandardOutput,
            "fd" => LogEngine.Descriptor,
            "syslog" => LogEngine.Syslog,
            "rsyslog" => LogEngine.RemoteSyslog,
            "socket" => LogEngine.Socket,
            _ => null,
        };
        if (engine is null)
        {
            diagnostics.Error($"`{setting}`: there is no such logger here; there are {KnownEngines}", setting.Source, Alternative(text));
            return null;
        }

        if (text == "systemd")
        {
            diagnostics.Notice($"`{setting}` is standard error: under systemd that is the journal", setting.Source);
        }

        var logger = new LoggerOptions(engine.Value, argument, id, setting);
        return engine == LogEngine.File ? File(logger) : Checked(logger);
    }

    /// <summary>`id regex`; null after an error.</summary>
    public LogRouteOptions? ReadRoute(Setting setting, IReadOnlySet<string> ids)
    {
        int blank = setting.Value.IndexOf(' ');
        string pattern = blank < 0 ? "" : setting.Value[(blank + 1)..].Trim();
        if (pattern.Length == 0)
        {
            diagnostics.Error($"`{setting.Name}` needs a logger's name and a pattern", setting.Source, $"{setting.Name} = errors (ERROR|Traceback)");
            return null;
        }

        string id = setting.Value[..blank];
        if (!ids.Contains(id))
        {
            diagnostics.Error($"`{setting}`: no logger is called {id}", setting.Source, $"logger = {id} file:/var/log/site/{id}.log");
            return null;
        }

        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
            return new LogRouteOptions(id, pattern, setting);
        }
        catch (RegexParseException error)
        {
            diagnostics.Error($"`{setting}`: the pattern is no regular expression: {PatternFault.Describe(error)}", setting.Source);
            return null;
        }
    }

    /// <summary>`kind[:logger][ argument]`; null after an error.</summary>
    public LogEncoderOptions? ReadEncoder(Setting setting, IReadOnlySet<string> ids)
    {
        int blank = setting.Value.IndexOf(' ');
        string[] words = (blank < 0 ? setting.Value : setting.Value[..blank]).Split(':', 2);
        LogEncoderKind? kind = words[0] switch
        {
            "prefix" => LogEncoderKind.Prefix,
            "suffix" => LogEncoderKind.Suffix,
            "nl" => LogEncoderKind.Newline,
            "format" => LogEncoderKind.Format,
            "json" => LogEncoderKind.Json,
            _ => null,
        };
        if (kind is null)
        {
            string? hint = words[0] is "gzip" or "compress" ? "logrotate compresses log files that are complete" : null;
            diagnostics.Error($"`{setting}`: there is no such encoder here; there are prefix, suffix, nl, format and json", setting.Source, hint);
            return null;
        }

        string? logger = words.Length > 1 ? words[1] : null;
        if (logger is not null && !ids.Contains(logger))
        {
            diagnostics.Error($"`{setting}`: no logger is called {logger}", setting.Source, $"logger = {logger} file:/var/log/site/{logger}.log");
            return null;
        }

        string argument = blank < 0 ? "" : setting.Value[(blank + 1)..];
        if (kind is LogEncoderKind.Format or LogEncoderKind.Json)
        {
            foreach (string name in LogText.UnknownVariables(argument))
            {
                diagnostics.Warning($"`{setting.Name}`: ${{{name}}} is always empty", setting.Source, KnownVariables);
            }
        }

        return new LogEncoderOptions(kind.Value, argument, logger, setting);
    }

    /// <summary>`file:PATH`, or `file:logfile=PATH,maxsize=BYTES,backupname=PATH`.</summary>
    private LoggerOptions? File(LoggerOptions logger)
    {
        if (!logger.Argument.Contains('='))
        {
            return Checked(logger);
        }

        ImmutableDictionary<string, string> parts = logger.Argument.Split(',')
            .Select(static part => part.Split('=', 2))
            .Where(static pair => pair.Length == 2)
            .GroupBy(static pair => pair[0].Trim())
            .ToImmutableDictionary(static group => group.Key, static group => group.Last()[1].Trim());
        string? size = parts.GetValueOrDefault("maxsize");
        long bytes = 0;
        if (size is not null && !long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out bytes))
        {
            diagnostics.Error($"`{logger.Setting}`: `maxsize` needs a number of bytes, not `{size}`", logger.Setting.Source);
            return null;
        }

        return Checked(logger with
        {
            Argument = parts.GetValueOrDefault("logfile", ""),
            MaxSize = bytes,
            BackupName = parts.GetValueOrDefault("backupname"),
        });
    }

    private LoggerOptions? Checked(LoggerOptions logger)
    {
        string? problem = logger.Engine switch
        {
            LogEngine.File when logger.Argument.Length == 0 => "a file is missing",
            LogEngine.Descriptor when !int.TryParse(logger.Argument, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                => "the number of a descriptor is missing",
            LogEngine.Syslog when SyslogTarget.Parse(logger.Argument) is null
                => "there is no such facility; there are daemon, user, local0 … local7 and the rest of syslog(3)",
            LogEngine.RemoteSyslog when RemoteSyslogTarget.Parse(logger.Argument) is null => "it has no host",
            LogEngine.Socket when logger.Argument.Length == 0 => "an address is missing",
            _ => null,
        };
        if (problem is null)
        {
            return logger;
        }

        string example = logger.Engine switch
        {
            LogEngine.File => "file:/var/log/site/site.log",
            LogEngine.Descriptor => "fd:3",
            LogEngine.Syslog => "syslog:mysite,local0",
            LogEngine.RemoteSyslog => "rsyslog:192.0.2.1:514,mysite",
            _ => "socket:192.0.2.1:5000",
        };
        diagnostics.Error($"`{logger.Setting}`: {problem}", logger.Setting.Source, $"{logger.Setting.Name} = {example}");
        return null;
    }

    private static string? Alternative(string text)
    {
        string engine = text.Split(':')[0];
        return engine switch
        {
            "redislog" or "zeromq" or "mongodblog" or "graylog2" or "crypto" or "pipe"
                => "logger = socket:HOST:PORT or rsyslog:HOST:PORT, and an agent that passes it on",
            _ => text.StartsWith('/') ? $"file:{text}" : null,
        };
    }
}
