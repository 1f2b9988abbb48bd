using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace OneServe.Gateway.Logging;

/// <summary>What one line of the access log says, in uWSGI's default form, which fail2ban, goaccess and mtail recipes parse.</summary>
public readonly ref struct AccessLogEntry
{
    /// <summary>nginx's status for a client that left before its answer; it is logged, never sent.</summary>
    public const int ClientClosedRequest = 499;

    /// <summary>The process that answered: a worker, or the gateway itself.</summary>
    public required int Pid { get; init; }

    /// <summary>0: the application; -1: answered without it.</summary>
    public required int Application { get; init; }

    /// <summary>Requests that this process has answered.</summary>
    public required long ProcessRequests { get; init; }

    /// <summary>Requests answered in all.</summary>
    public required long TotalRequests { get; init; }

    public required string RemoteAddress { get; init; }

    public required int Variables { get; init; }

    public required int VariablesSize { get; init; }

    public required DateTime Time { get; init; }

    public required string Method { get; init; }

    public required string Target { get; init; }

    public required long ResponseSize { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>How the body left: empty, or such as <c> via sendfile()</c>.</summary>
    public required string Via { get; init; }

    public required string Protocol { get; init; }

    public required int Status { get; init; }

    public required int Headers { get; init; }

    public required int HeadersSize { get; init; }

    /// <summary>Formats the line with its newline. False: it does not fit.</summary>
    public bool TryFormat(Span<byte> to, out int written)
    {
        // Control characters in a target would let a client forge lines; Kestrel refuses them, but this line must not depend on it.
        if (!Utf8.TryWrite(to, CultureInfo.InvariantCulture,
            $"[pid: {Pid}|app: {Application}|req: {ProcessRequests}/{TotalRequests}] {RemoteAddress} () {{{Variables} vars in {VariablesSize} bytes}} [", out written))
            return false;
        if (!ClockText.TryCopy(Time, to[written..], out int clock))
            return false;
        written += clock;
        if (!Utf8.TryWrite(to[written..], CultureInfo.InvariantCulture,
            $"] {Method} {Target} => generated {ResponseSize} bytes in {(long)Duration.TotalMilliseconds} msecs{Via} ({Protocol} {Status}) {Headers} headers in {HeadersSize} bytes (1 switches on core 0)\n",
            out int rest))
            return false;
        var line = to.Slice(written, rest - 1);
        for (int i = line.IndexOfAnyInRange((byte)0, (byte)31); i >= 0; i = line.IndexOfAnyInRange((byte)0, (byte)31))
            line[i] = (byte)'?';
        written += rest;
        return true;
    }

    /// <summary>ctime(3)'s form of local time, made once a second.</summary>
    private static class ClockText
    {
        [ThreadStatic]
        private static byte[]? s_text;

        [ThreadStatic]
        private static long s_second;

        public static bool TryCopy(DateTime time, Span<byte> to, out int length)
        {
            long second = time.Ticks / TimeSpan.TicksPerSecond;
            if (s_text is null || s_second != second)
            {
                // ctime(3) pads the day with a space, which no format of .NET does.
                string day = time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2);
                s_text = Encoding.ASCII.GetBytes(time.ToString("ddd MMM ", CultureInfo.InvariantCulture) + day + time.ToString(" HH:mm:ss yyyy", CultureInfo.InvariantCulture));
                s_second = second;
            }
            length = s_text.Length;
            return s_text.AsSpan().TryCopyTo(to);
        }
    }
}
