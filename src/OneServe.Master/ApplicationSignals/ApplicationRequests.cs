using System.Globalization;
using OneServe.Master.Commands;
using OneServe.Posix;

namespace OneServe.Master.ApplicationSignals;

/// <summary>What the application asks of the master by the module `uwsgi` (docs/protocol.md, "Signals").</summary>
internal static class ApplicationRequests
{
    /// <summary>Is it one of them?</summary>
    public static bool Know(string verb) => verb is "handler" or "signal" or "timer" or "cron" or "watch" || IsCommand(verb);

    /// <summary>Is it about the whole server?</summary>
    public static bool IsCommand(string verb) => verb is CommandLink.Reload or CommandLink.Stop;

    /// <summary>Its numbers; negative ones are among them. Null: that is none of ours.</summary>
    public static int[]? Numbers(ControlMessage message, int count)
    {
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++)
        {
            if (i >= message.Words.Length || !int.TryParse(message.Words[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[i]))
                return null;
        }
        return numbers is [>= 0 and < SignalRouter.Count, ..] ? numbers : null;
    }
}
