using System.Collections.Immutable;

namespace OneServe.Configuration;

/// <summary>Reads `log-format`.</summary>
public static class LogFormat
{
    private const string EnvironPrefix = "var.";
    private const string MetricPrefix = "metric.";

    private static readonly Dictionary<string, LogVariable> Variables = new(StringComparer.Ordinal)
    {
        ["uri"] = LogVariable.Uri,
        ["method"] = LogVariable.Method,
        ["user"] = LogVariable.User,
        ["addr"] = LogVariable.Addr,
        ["host"] = LogVariable.Host,
        ["proto"] = LogVariable.Proto,
        ["uagent"] = LogVariable.Uagent,
        ["referer"] = LogVariable.Referer,
        ["status"] = LogVariable.Status,
        ["rsize"] = LogVariable.Rsize,
        ["hsize"] = LogVariable.Hsize,
        ["size"] = LogVariable.Size,
        ["cl"] = LogVariable.Cl,
        ["micros"] = LogVariable.Micros,
        ["msecs"] = LogVariable.Msecs,
        ["secs"] = LogVariable.Secs,
        ["tmsecs"] = LogVariable.Tmsecs,
        ["tmicros"] = LogVariable.Tmicros,
        ["time"] = LogVariable.Time,
        ["ltime"] = LogVariable.Ltime,
        ["ftime"] = LogVariable.Ftime,
        ["ctime"] = LogVariable.Ctime,
        ["epoch"] = LogVariable.Epoch,
        ["pid"] = LogVariable.Pid,
        ["wid"] = LogVariable.Wid,
        ["switches"] = LogVariable.Switches,
        ["vars"] = LogVariable.Vars,
        ["core"] = LogVariable.Core,
        ["vsz"] = LogVariable.Vsz,
        ["rss"] = LogVariable.Rss,
        ["vszM"] = LogVariable.VszM,
        ["rssM"] = LogVariable.RssM,
        ["pktsize"] = LogVariable.Pktsize,
        ["modifier1"] = LogVariable.Modifier1,
        ["modifier2"] = LogVariable.Modifier2,
        ["headers"] = LogVariable.Headers,
        ["werr"] = LogVariable.Werr,
        ["rerr"] = LogVariable.Rerr,
        ["ioerr"] = LogVariable.Ioerr,
    };

    /// <summary>The names that are known.</summary>
    public static IEnumerable<string> Names => Variables.Keys;

    /// <summary>Cuts a format into its parts. What is no `%(name)` is text.</summary>
    public static ImmutableArray<LogFormatPart> Parse(string format)
    {
        var parts = ImmutableArray.CreateBuilder<LogFormatPart>();
        bool isQuoted = false;
        int at = 0;
        while (at < format.Length)
        {
            int open = format.IndexOf("%(", at, StringComparison.Ordinal);
            int close = open < 0 ? -1 : format.IndexOf(')', open);
            string text = close < 0 ? format[at..] : format[at..open];
            if (text.Length > 0)
            {
                parts.Add(new LogFormatPart(LogVariable.Literal, text, IsQuoted: false));
                isQuoted ^= (text.Count(static character => character == '"') & 1) != 0;
            }

            if (close < 0)
            {
                break;
            }

            parts.Add(Variable(format[(open + 2)..close], isQuoted));
            at = close + 1;
        }

        return parts.ToImmutable();
    }

    private static LogFormatPart Variable(string name, bool isQuoted)
    {
        if (name.StartsWith(EnvironPrefix, StringComparison.Ordinal))
        {
            return new LogFormatPart(LogVariable.Environ, name[EnvironPrefix.Length..], isQuoted);
        }

        if (name.StartsWith(MetricPrefix, StringComparison.Ordinal))
        {
            return new LogFormatPart(LogVariable.Metric, name[MetricPrefix.Length..], isQuoted);
        }

        return new LogFormatPart(Variables.GetValueOrDefault(name, LogVariable.Application), name, isQuoted);
    }
}
