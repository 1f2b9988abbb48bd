using System.Globalization;
using System.Text;
using OneServe.Posix;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace OneServe;

/// <summary>Writes each event to standard error with one write(2), so that lines of several processes do not mix.</summary>
/// <remarks>
/// Not System.Console: it takes over the terminal and installs a SIGCHLD handler, which would take exit statuses away from the master.
/// </remarks>
/// <param name="write">Takes each line, whole.</param>
/// <param name="date">strftime(3)'s form of the date before each event; null: year, month, day and time.</param>
internal sealed class StandardErrorSink(Action<string> write, string? date) : ILogEventSink
{
    private const int StandardError = 2;
    private const int LongestDate = 256;

    private static readonly ITextFormatter Plain = new MessageTemplateTextFormatter("{Message:lj}\n{Exception}", CultureInfo.InvariantCulture);

    private static readonly ITextFormatter WithLevel = new MessageTemplateTextFormatter("{Level:u}: {Message:lj}\n{Exception}", CultureInfo.InvariantCulture);

    /// <summary>A logger that writes here.</summary>
    /// <param name="date">As `log-date` has it; null: nothing was said.</param>
    public static Logger CreateLogger(string? date = null) => CreateLogger(Write, date);

    /// <summary>One whose lines, each whole, are written by somebody else.</summary>
    public static Logger CreateLogger(Action<string> write, string? date)
        => new LoggerConfiguration().WriteTo.Sink(new StandardErrorSink(write, date)).CreateLogger();

    public void Emit(LogEvent logEvent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        text.Write(DateOf(logEvent.Timestamp));
        (logEvent.Level == LogEventLevel.Information ? Plain : WithLevel).Format(logEvent, text);
        write(text.ToString());
    }

    /// <summary>A form that a user has chosen ends as in uWSGI.</summary>
    private string DateOf(DateTimeOffset time)
    {
        if (date is null)
            return time.ToString("yyyy-MM-dd HH:mm:ss ", CultureInfo.InvariantCulture);
        Span<byte> text = stackalloc byte[LongestDate];
        return Encoding.UTF8.GetString(text[..LocalTime.Format(time.ToUnixTimeSeconds(), date, text)]) + " - ";
    }

    /// <summary>Writes all of it; a reader that has gone loses it.</summary>
    public static void Write(string text)
    {
        var rest = Encoding.UTF8.GetBytes(text).AsSpan();
        while (!rest.IsEmpty)
        {
            var written = Descriptors.Write(StandardError, rest);
            if (written.IsError)
                return;
            rest = rest[written.Int..];
        }
    }
}
