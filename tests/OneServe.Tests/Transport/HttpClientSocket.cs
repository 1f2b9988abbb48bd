using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace OneServe.Tests.Transport;

/// <summary>A client that sends exact bytes and reads one response at a time.</summary>
internal sealed class HttpClientSocket(Socket socket) : IDisposable
{
    private readonly List<byte> _rest = [];

    public Socket Socket { get; } = socket;

    public void Send(string text) => Socket.Send(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends a request for the path and reads its answer.</summary>
    public (int Status, string Head, byte[] Body) Get(string path)
    {
        Send($"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n");
        return Read();
    }

    public (int Status, string Head, byte[] Body) Read(bool headOnly = false)
    {
        int end;
        while ((end = EndOfHead()) < 0)
            More();
        string head = Encoding.Latin1.GetString([.. _rest[..end]]);
        _rest.RemoveRange(0, end);
        int length = headOnly ? 0 : LengthIn(head);
        while (_rest.Count < length)
            More();
        byte[] body = [.. _rest[..length]];
        _rest.RemoveRange(0, length);
        return (int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture), head, body);
    }

    public void Dispose() => Socket.Dispose();

    private static int LengthIn(string head)
    {
        const string name = "Content-Length: ";
        int at = head.IndexOf(name, StringComparison.Ordinal);
        return at < 0 ? 0 : int.Parse(head.AsSpan(at + name.Length, head.IndexOf('\r', at) - at - name.Length), CultureInfo.InvariantCulture);
    }

    private int EndOfHead()
    {
        int at = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_rest).IndexOf("\r\n\r\n"u8);
        return at < 0 ? -1 : at + 4;
    }

    private void More()
    {
        byte[] part = new byte[256 * 1024];
        int got = Socket.Receive(part);
        if (got == 0)
            throw new EndOfStreamException("The server has closed the connection.");
        _rest.AddRange(part.AsSpan(0, got));
    }
}
