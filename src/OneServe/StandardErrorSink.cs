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
internal sealed class StandardErrorSink(Action<string> write) : ILogEventSink
{
    private const int StandardError = 2;

    private static readonly ITextFormatter Plain = new MessageTemplateTextFormatter(
        "{Timestamp:yyyy-MM-dd HH:mm:ss} {Message:lj}\n{Exception}", CultureInfo.InvariantCulture);

    private static readonly ITextFormatter WithLevel = new MessageTemplateTextFormatter(
        "{Timestamp:yyyy-MM-dd HH:mm:ss} {Level:u}: {Message:lj}\n{Exception}", CultureInfo.InvariantCulture);

    /// <summary>A logger that writes here.</summary>
    public static Logger CreateLogger() => CreateLogger(Write);

    /// <summary>One whose lines, each whole, are written by somebody else.</summary>
    public static Logger CreateLogger(Action<string> write) => new LoggerConfiguration().WriteTo.Sink(new StandardErrorSink(write)).CreateLogger();

    public void Emit(LogEvent logEvent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        (logEvent.Level == LogEventLevel.Information ? Plain : WithLevel).Format(logEvent, text);
        write(text.ToString());
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
