using System.Text;
using OneServe.Configuration;

namespace OneServe.Gateway.Logging;

/// <summary>One text or variable of a `log-format`.</summary>
internal sealed class LineSegment
{
    private readonly LogVariable _variable;
    private readonly bool _isQuoted;
    private readonly byte[] _literal;
    private readonly EnvironVariable _environ;
    private readonly string _name;
    private readonly LocalTimeText? _time;

    /// <param name="part">What it is.</param>
    /// <param name="time">The form of a time; null: it is none.</param>
    public LineSegment(LogFormatPart part, LocalTimeText? time)
    {
        (_variable, _isQuoted, _name, _time) = (part.Variable, part.IsQuoted, part.Text, time);
        _literal = part.Variable == LogVariable.Literal ? Encoding.UTF8.GetBytes(part.Text) : [];
        _environ = new EnvironVariable(part.Text);
    }

    public void Write(in AccessLogEntry entry, DateTime now, ref LineWriter line)
    {
        switch (_variable)
        {
            case LogVariable.Literal:
                line.Add(_literal);
                break;
            case LogVariable.Ltime or LogVariable.Ftime or LogVariable.Ctime:
                line.Add(_time!.Of(Start(entry, now) / TimeSpan.TicksPerSecond));
                break;
            case LogVariable.Secs:
                line.AddSeconds(entry.Duration);
                break;
            case LogVariable.Environ:
                Text(_environ.Of(entry), ref line);
                break;
            case LogVariable.Application:
                Text(entry.Request?.Variables is { } variables && variables.TryGetValue(_name, out string? value) ? value : "", ref line);
                break;
            case < LogVariable.Status:
                Text(TextOf(entry), ref line);
                break;
            default:
                line.Add(NumberOf(entry, now));
                break;
        }
    }

    private void Text(scoped ReadOnlySpan<char> text, ref LineWriter line)
    {
        if (text.IsEmpty)
            line.Add("-"u8);
        else if (_isQuoted)
            line.AddQuoted(text);
        else
            line.Add(text);
    }

    private ReadOnlySpan<char> TextOf(scoped in AccessLogEntry entry) => _variable switch
    {
        LogVariable.Uri => entry.Target,
        LogVariable.Method => entry.Method,
        LogVariable.User => entry.User,
        LogVariable.Addr => entry.RemoteAddress,
        LogVariable.Host => entry.Request?.Fields.Host.ToString(),
        LogVariable.Proto => entry.Protocol,
        LogVariable.Uagent => entry.Request?.Fields.UserAgent.ToString(),
        _ => entry.Request?.Fields.Referer.ToString(),
    };

    private long NumberOf(in AccessLogEntry entry, DateTime now) => _variable switch
    {
        LogVariable.Status => entry.Status,
        LogVariable.Rsize => entry.ResponseSize,
        LogVariable.Hsize => entry.HeadersSize,
        LogVariable.Size => entry.ResponseSize + entry.HeadersSize,
        LogVariable.Cl => entry.Request?.ContentLength ?? 0,
        LogVariable.Micros => entry.Duration.Ticks / TimeSpan.TicksPerMicrosecond,
        LogVariable.Msecs => entry.Duration.Ticks / TimeSpan.TicksPerMillisecond,
        LogVariable.Time => Start(entry, now) / TimeSpan.TicksPerSecond,
        LogVariable.Tmsecs => Start(entry, now) / TimeSpan.TicksPerMillisecond,
        LogVariable.Tmicros => Start(entry, now) / TimeSpan.TicksPerMicrosecond,
        LogVariable.Epoch => (now - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond,
        LogVariable.Pid => entry.Pid,
        LogVariable.Wid => entry.Request?.Worker ?? 0,
        LogVariable.Core => entry.Request?.Thread ?? 0,
        LogVariable.Switches => 1,
        LogVariable.Vars => entry.Variables,
        LogVariable.Pktsize => entry.VariablesSize,
        LogVariable.Vsz => entry.Memory.AddressSpace,
        LogVariable.VszM => entry.Memory.AddressSpace >> 20,
        LogVariable.Rss => entry.Memory.Resident,
        LogVariable.RssM => entry.Memory.Resident >> 20,
        LogVariable.Headers => entry.Headers,
        LogVariable.Werr => entry.Request is { WriteFailed: true } ? 1 : 0,
        LogVariable.Rerr => entry.Request is { ReadFailed: true } ? 1 : 0,
        LogVariable.Ioerr => entry.Request is { WriteFailed: true } or { ReadFailed: true } ? 1 : 0,
        _ => 0,
    };

    /// <summary>When the request's head was there, ticks since 1970.</summary>
    private static long Start(in AccessLogEntry entry, DateTime now) => (now - entry.Duration - DateTime.UnixEpoch).Ticks;
}
