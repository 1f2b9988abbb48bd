using System.Collections.Immutable;
using OneServe.Configuration;

namespace OneServe.Gateway.Logging;

/// <summary>`log-format`, made ready once; nothing is allocated for a line, but for numbers that are asked for as %(var.…).</summary>
public sealed class LineFormat
{
    private const string ApacheTime = "%d/%b/%Y:%H:%M:%S %z";
    private const string ClockTime = "%a %b %e %H:%M:%S %Y";

    private readonly ImmutableArray<LineSegment> _segments;

    private LineFormat(ImmutableArray<LineSegment> segments, bool tellsMemory) => (_segments, TellsMemory) = (segments, tellsMemory);

    /// <summary>The memory of processes has to be looked at for it.</summary>
    public bool TellsMemory { get; }

    /// <summary>Null: lines have the default form.</summary>
    public static LineFormat? Of(AccessLogOptions options)
    {
        if (options.Format is not { } format)
            return null;
        var parts = LogFormat.Parse(format.Value);
        return new LineFormat(
            [.. parts.Select(part => new LineSegment(part, TimeOf(part.Variable, options)))],
            parts.Any(static part => part.Variable is LogVariable.Vsz or LogVariable.VszM or LogVariable.Rss or LogVariable.RssM));
    }

    /// <summary>Formats the line with its newline. False: it does not fit.</summary>
    public bool TryFormat(in AccessLogEntry entry, Span<byte> to, out int written)
    {
        var line = new LineWriter(to);
        var now = DateTime.UtcNow;
        foreach (var segment in _segments)
            segment.Write(entry, now, ref line);
        line.Add("\n"u8);
        written = line.Length;
        return !line.Overflowed;
    }

    private static LocalTimeText? TimeOf(LogVariable variable, AccessLogOptions options) => variable switch
    {
        LogVariable.Ltime => new LocalTimeText(ApacheTime),
        LogVariable.Ftime => new LocalTimeText(options.TimeForm ?? ApacheTime),
        LogVariable.Ctime => new LocalTimeText(ClockTime),
        _ => null,
    };
}
