using System.Globalization;
using System.Text;
using OneServe.Posix;

namespace OneServe.Gateway.Logging;

/// <summary>What one line of the access log says, in uWSGI's default form, which fail2ban, goaccess and mtail recipes parse.</summary>
public readonly ref struct AccessLogEntry
{
    /// <summary>nginx's status for a client that left before its answer; it is logged, never sent.</summary>
    public const int ClientClosedRequest = 499;

    /// <summary>nginx's status for a connection that was cut on purpose; it is logged, never sent.</summary>
    public const int NoAnswer = 444;

    /// <summary>The process that answered: a worker, or the gateway itself.</summary>
    public required int Pid { get; init; }

    /// <summary>0: the application; -1: answered without it.</summary>
    public required int Application { get; init; }

    /// <summary>Requests that this process has answered.</summary>
    public required long ProcessRequests { get; init; }

    /// <summary>Requests answered in all.</summary>
    public required long TotalRequests { get; init; }

    public required string RemoteAddress { get; init; }

    /// <summary>Whom a route has let in; null or empty: nobody was asked.</summary>
    public string? User { get; init; }

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

    /// <summary>The client left before it had its answer.</summary>
    public bool HasClientLeft { get; init; }

    /// <summary>What a `log-format` may ask for beyond this; null: lines have the default form, or there was no request that could be read.</summary>
    public ILoggedRequest? Request { get; init; }

    /// <summary>Of the process that answered; all zero when nobody asks for it.</summary>
    public ProcessMemory Memory { get; init; }

    /// <summary>The default line begins with <see cref="Memory"/>.</summary>
    public bool TellsMemory { get; init; }

    /// <summary>The default line tells microseconds.</summary>
    public bool TellsMicroseconds { get; init; }

    /// <summary>Formats the default line with its newline. False: it does not fit.</summary>
    public bool TryFormat(Span<byte> to, out int written)
    {
        var line = new LineWriter(to);
        if (TellsMemory)
            AddMemory(ref line);
        line.Add("[pid: "u8);
        line.Add(Pid);
        line.Add("|app: "u8);
        line.Add(Application);
        line.Add("|req: "u8);
        line.Add(ProcessRequests);
        line.Add("/"u8);
        line.Add(TotalRequests);
        line.Add("] "u8);
        line.Add(RemoteAddress);
        line.Add(" ("u8);
        line.Add(User ?? "");
        line.Add(") {"u8);
        line.Add(Variables);
        line.Add(" vars in "u8);
        line.Add(VariablesSize);
        line.Add(" bytes} ["u8);
        line.Add(ClockText.Of(Time));
        line.Add("] "u8);
        line.Add(Method);
        line.Add(" "u8);
        line.Add(Target);
        line.Add(" => generated "u8);
        line.Add(ResponseSize);
        line.Add(" bytes in "u8);
        line.Add(TellsMicroseconds ? Duration.Ticks / TimeSpan.TicksPerMicrosecond : (long)Duration.TotalMilliseconds);
        line.Add(TellsMicroseconds ? " micros"u8 : " msecs"u8);
        line.Add(Via);
        line.Add(" ("u8);
        line.Add(Protocol);
        line.Add(" "u8);
        line.Add(Status);
        line.Add(") "u8);
        line.Add(Headers);
        line.Add(" headers in "u8);
        line.Add(HeadersSize);
        line.Add(" bytes (1 switches on core 0)\n"u8);
        written = line.Length;
        return !line.Overflowed;
    }

    private void AddMemory(ref LineWriter line)
    {
        line.Add("{address space usage: "u8);
        line.Add(Memory.AddressSpace);
        line.Add(" bytes/"u8);
        line.Add(Memory.AddressSpace >> 20);
        line.Add("MB} {rss usage: "u8);
        line.Add(Memory.Resident);
        line.Add(" bytes/"u8);
        line.Add(Memory.Resident >> 20);
        line.Add("MB} "u8);
    }

    /// <summary>ctime(3)'s form of local time, made once a second.</summary>
    private static class ClockText
    {
        [ThreadStatic]
        private static byte[]? _text;

        [ThreadStatic]
        private static long _second;

        public static ReadOnlySpan<byte> Of(DateTime time)
        {
            long second = time.Ticks / TimeSpan.TicksPerSecond;
            if (_text is null || _second != second)
            {
                // ctime(3) pads the day with a space, which no format of .NET does.
                string day = time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2);
                _text = Encoding.ASCII.GetBytes(
                    time.ToString("ddd MMM ", CultureInfo.InvariantCulture) + day + time.ToString(" HH:mm:ss yyyy", CultureInfo.InvariantCulture));
                _second = second;
            }
            return _text;
        }
    }
}
