using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OneServe.FunctionalTests.Harness;

/// <summary>HTTP/1.1 over a plain socket: exact bytes out, exact bytes in, every wait with a deadline. Keeps the connection between requests.</summary>
internal sealed class RawHttp : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private const int BlockSize = 64 * 1024;

    private readonly Socket _socket;
    private byte[] _received = [];

    private RawHttp(Socket socket) => _socket = socket;

    public static async Task<RawHttp> ConnectAsync(EndPoint endpoint)
    {
        var unix = endpoint is UnixDomainSocketEndPoint;
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            await socket.ConnectAsync(endpoint, limit.Token);
            if (!unix)
            {
                socket.NoDelay = true;
            }

            return new RawHttp(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>One request on a connection of its own.</summary>
    public static async Task<HttpReply> GetAsync(EndPoint endpoint, string target, params string[] headers) =>
        await RequestAsync(endpoint, "GET", target, null, headers);

    public static async Task<HttpReply> PostAsync(EndPoint endpoint, string target, byte[] body, params string[] headers) =>
        await RequestAsync(endpoint, "POST", target, body, headers);

    public static async Task<HttpReply> RequestAsync(EndPoint endpoint, string method, string target, byte[]? body, params string[] headers)
    {
        await using var connection = await ConnectAsync(endpoint);
        return await connection.RequestAsync(method, target, body, [.. headers, "Connection: close"]);
    }

    /// <summary>One request on this connection; `Host` and, for a body, `Content-Length` are added.</summary>
    public async Task<HttpReply> RequestAsync(string method, string target, byte[]? body = null, params string[] headers)
    {
        await SendAsync(Format(method, target, body, headers));
        if (body is not null)
        {
            await SendAsync(body);
        }

        return await ReceiveAsync(bodyless: method == "HEAD");
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes, limit.Token)..];
        }
    }

    /// <summary>Waits until something has come, and takes nothing of it.</summary>
    public async Task WaitForBytesAsync() => await Poll.Until(() => _socket.Available > 0, "the answer has begun");

    /// <summary>True when nothing more comes for so long, read or unread.</summary>
    public async Task<bool> IsStill(TimeSpan time)
    {
        int before = _socket.Available;
        return !await Poll.Holds(() => _socket.Available != before, time);
    }

    /// <summary>One whole answer.</summary>
    /// <param name="bodyless">True after HEAD: no body follows whatever the headers say.</param>
    /// <exception cref="EndOfStreamException">The connection ended before the head was whole.</exception>
    public async Task<HttpReply> ReceiveAsync(bool bodyless = false)
    {
        string head = await ReceiveHeadAsync();
        string[] lines = head.Split("\r\n");
        int status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var headers = lines.Skip(1).Select(line => (Name: line[..line.IndexOf(':')], Value: line[(line.IndexOf(':') + 1)..].Trim())).ToArray();
        string? Header(string name) => headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        HttpReply Reply(byte[] body, bool complete) => new(status, headers, body, head, complete);

        if (status == 100)
        {
            return await ReceiveAsync(bodyless);
        }

        if (bodyless || status is 204 or 304)
        {
            return Reply([], true);
        }

        if (Header("Transfer-Encoding") is { } coding && coding.Contains("chunked", StringComparison.OrdinalIgnoreCase))
        {
            var (body, complete) = await ReceiveChunksAsync();
            return Reply(body, complete);
        }

        if (Header("Content-Length") is { } length)
        {
            int size = int.Parse(length, CultureInfo.InvariantCulture);
            bool complete = await FillAsync(size);
            return Reply(Take(Math.Min(size, _received.Length)), complete);
        }

        while (await FillAsync(_received.Length + 1))
        {
        }

        return Reply(Take(_received.Length), true);
    }

    /// <summary>Status line and headers; what follows stays for the next call.</summary>
    public async Task<string> ReceiveHeadAsync()
    {
        int end;
        while ((end = _received.AsSpan().IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await FillAsync(_received.Length + 1))
            {
                throw new EndOfStreamException($"the connection ended after {_received.Length} bytes of the answer: {Encoding.Latin1.GetString(_received)}");
            }
        }

        string head = Encoding.Latin1.GetString(_received, 0, end);
        Take(end + 4);
        return head;
    }

    /// <summary>The next piece of a chunked body; empty at its end, null when the connection broke off.</summary>
    public async Task<byte[]?> ReceiveChunkAsync()
    {
        int end;
        while ((end = _received.AsSpan().IndexOf("\r\n"u8)) < 0)
        {
            if (!await FillAsync(_received.Length + 1))
            {
                return null;
            }
        }

        int size = int.Parse(Encoding.ASCII.GetString(_received, 0, end).Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Take(end + 2);
        if (!await FillAsync(size + 2))
        {
            return null;
        }

        byte[] chunk = Take(size);
        Take(2);
        return chunk;
    }

    /// <summary>Everything up to the connection's end, as latin-1, and that end: `closed`, `reset`, or `open` when none came within the time.</summary>
    public async Task<(string Received, string End)> ReceiveToEndAsync(TimeSpan? deadline = null)
    {
        using var limit = new CancellationTokenSource(deadline ?? Patience);
        using var received = new MemoryStream();
        byte[] block = new byte[BlockSize];
        string end = "closed";
        try
        {
            while (await _socket.ReceiveAsync(block.AsMemory(), limit.Token) is > 0 and var count)
            {
                received.Write(block, 0, count);
            }
        }
        catch (SocketException)
        {
            end = "reset";
        }
        catch (OperationCanceledException)
        {
            end = "open";
        }

        return (Encoding.Latin1.GetString(received.ToArray()), end);
    }

    /// <summary>True when the peer has closed or reset the connection within the time.</summary>
    public async Task<bool> EndsAsync(TimeSpan deadline)
    {
        using var limit = new CancellationTokenSource(deadline);
        byte[] block = new byte[1024];
        try
        {
            while (await _socket.ReceiveAsync(block.AsMemory(), limit.Token) > 0)
            {
            }

            return true;
        }
        catch (SocketException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Ends the writing half: nothing more will be asked, the answer is still awaited.</summary>
    public void EndWriting() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection with a reset, as a client does that has gone away.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Format(string method, string target, byte[]? body, string[] headers)
    {
        var head = new StringBuilder($"{method} {target} HTTP/1.1\r\n");
        if (!headers.Any(header => header.StartsWith("Host:", StringComparison.OrdinalIgnoreCase)))
        {
            head.Append("Host: localhost\r\n");
        }

        if (body is not null)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        }

        foreach (string header in headers)
        {
            head.Append(header).Append("\r\n");
        }

        return head.Append("\r\n").ToString();
    }

    private async Task<(byte[] Body, bool Complete)> ReceiveChunksAsync()
    {
        using var body = new MemoryStream();
        while (true)
        {
            if (await ReceiveChunkAsync() is not { } chunk)
            {
                return (body.ToArray(), false);
            }

            if (chunk.Length == 0)
            {
                return (body.ToArray(), true);
            }

            body.Write(chunk);
        }
    }

    /// <summary>Receives until that many bytes are there; false when the connection ended before.</summary>
    private async Task<bool> FillAsync(int size)
    {
        if (_received.Length >= size)
        {
            return true;
        }

        using var limit = new CancellationTokenSource(Patience);
        using var gathered = new MemoryStream();
        gathered.Write(_received);
        byte[] block = new byte[BlockSize];
        try
        {
            while (gathered.Length < size)
            {
                int count = await _socket.ReceiveAsync(block.AsMemory(), limit.Token);
                if (count == 0)
                {
                    return false;
                }

                gathered.Write(block, 0, count);
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"no answer within {Patience.TotalSeconds:0} s; received so far: {Encoding.Latin1.GetString(gathered.ToArray())}");
        }
        finally
        {
            _received = gathered.ToArray();
        }
    }

    private byte[] Take(int count)
    {
        byte[] taken = _received[..count];
        _received = _received[count..];
        return taken;
    }
}
