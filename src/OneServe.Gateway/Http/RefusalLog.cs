using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OneServe.Gateway.Logging;
using OneServe.Posix;
using OneServe.Transport;

namespace OneServe.Gateway.Http;

/// <summary>
/// The access log's lines of requests that are refused before there is a request for the application: by <see cref="RequestHeadFilter"/>, and
/// by Kestrel, which tells of it in its log alone.
/// </summary>
internal sealed class RefusalLog(GatewayServices services) : ILoggerFactory, ILogger
{
    private const string Category = "Microsoft.AspNetCore.Server.Kestrel.BadRequests";
    private const string Unknown = "-";

    /// <summary>Bytes of method or target that are shown: nothing of this has been checked.</summary>
    private const int Shown = 256;

    /// <summary>A line for a request that the filter refuses.</summary>
    public void Add(in SocketName client, int status, ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOfAny((byte)'\r', (byte)'\n');
        var line = end < 0 ? bytes : bytes[..end];
        var method = NextWord(ref line);
        var target = NextWord(ref line);
        var protocol = NextWord(ref line);
        Add(client.IsInternet ? client.ToString() : "", status, Text(method), Text(target), Text(protocol));
    }

    /// <summary>Logs a connection that does not begin as it should; the answer to it.</summary>
    public ReadOnlyMemory<byte> Refuse(SocketName client, ReadOnlySpan<byte> bytes)
    {
        Add(client, StatusCodes.Status400BadRequest, bytes);
        return HeadFaults.Answer(StatusCodes.Status400BadRequest);
    }

    ILogger ILoggerFactory.CreateLogger(string categoryName) => categoryName == Category ? this : NullLogger.Instance;

    void ILoggerFactory.AddProvider(ILoggerProvider provider)
    {
    }

    void IDisposable.Dispose()
    {
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        // A request that has reached the gateway's own code gets its line there.
        if (exception is BadHttpRequestException refusal && ConnectionOf(state) is { IsBeginningRequest: true } connection)
            Add(connection.RemoteAddress, refusal.StatusCode, Unknown, Unknown, Unknown);
    }

    private static ClientConnection? ConnectionOf<TState>(TState state)
    {
        foreach (var (name, value) in state as IReadOnlyList<KeyValuePair<string, object?>> ?? [])
        {
            if (name == "ConnectionId" && value is string id)
                return ClientConnection.Find(id);
        }
        return null;
    }

    private static ReadOnlySpan<byte> NextWord(ref ReadOnlySpan<byte> line)
    {
        int space = line.IndexOf((byte)' ');
        var word = space < 0 ? line : line[..space];
        line = space < 0 ? default : line[(space + 1)..];
        return word;
    }

    private static string Text(ReadOnlySpan<byte> word) => word.IsEmpty ? Unknown : Encoding.Latin1.GetString(word[..Math.Min(word.Length, Shown)]);

    private void Add(string client, int status, string method, string target, string protocol)
    {
        if (EventLoop.Current == services.Loop)
            Append(client, status, method, target, protocol);
        else
            services.Loop.Post(_ => Append(client, status, method, target, protocol), null);
    }

    private void Append(string client, int status, string method, string target, string protocol)
    {
        long count = services.Counts.Add(isWorkers: false);
        var options = services.Site.Options.AccessLog;
        if (services.AccessLog is not { } log || options.IsSilent)
            return;
        var entry = new AccessLogEntry
        {
            Pid = Environment.ProcessId,
            Application = -1,
            ProcessRequests = services.Counts.Own,
            TotalRequests = count,
            RemoteAddress = client,
            Variables = 0,
            VariablesSize = 0,
            Time = services.LocalTime,
            Method = method,
            Target = target,
            ResponseSize = 0,
            Duration = TimeSpan.Zero,
            Via = "",
            Protocol = protocol,
            Status = status,
            Headers = 0,
            HeadersSize = 0,
            Memory = services.Site.LogsMemory ? services.Memory.Of(Environment.ProcessId) : default,
            TellsMemory = options.Memory,
            TellsMicroseconds = options.Microseconds,
        };
        if (options.LogsAll || LogConditions.AskFor(entry, options))
            log.Append(entry, services.Site.LineFormat);
    }
}
