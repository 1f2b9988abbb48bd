using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace OneServe.FunctionalTests.Harness;

/// <summary>Packets of the uwsgi protocol, made by hand; texts are latin-1.</summary>
internal static class UwsgiPacket
{
    /// <summary>A request as nginx's `uwsgi_params` would make it; further variables go behind.</summary>
    public static byte[] Request(string method, string target, params (string Name, string Value)[] more)
    {
        string[] parts = target.Split('?', 2);
        return Of(0,
        [
            ("QUERY_STRING", parts.Length > 1 ? parts[1] : ""), ("REQUEST_METHOD", method), ("CONTENT_TYPE", ""),
            ("REQUEST_URI", target), ("PATH_INFO", parts[0]),
            ("DOCUMENT_ROOT", "/usr/share/nginx/html"), ("SERVER_PROTOCOL", "HTTP/1.1"), ("REQUEST_SCHEME", "http"), ("REMOTE_ADDR", "203.0.113.9"),
            ("REMOTE_PORT", "4711"), ("SERVER_PORT", "80"), ("SERVER_NAME", "site.example"), ("HTTP_HOST", "site.example"), .. more,
        ]);
    }

    public static byte[] Get(string target, params (string Name, string Value)[] more) => Request("GET", target, more);

    /// <summary>A request with its body behind it.</summary>
    public static byte[] Post(string target, byte[] body) =>
        [.. Request("POST", target, ("CONTENT_LENGTH", body.Length.ToString(CultureInfo.InvariantCulture))), .. body];

    public static byte[] Of(byte modifier, params (string Name, string Value)[] variables)
    {
        var bytes = new List<byte> { modifier, 0, 0, 0 };
        foreach (var (name, value) in variables)
        {
            Add(bytes, name);
            Add(bytes, value);
        }

        byte[] packet = [.. bytes];
        BinaryPrimitives.WriteUInt16LittleEndian(packet.AsSpan(1), (ushort)(packet.Length - 4));
        return packet;
    }

    /// <summary>Sends bytes on a connection of their own, and reads one answer to the connection's end.</summary>
    public static async Task<HttpReply> ExchangeAsync(EndPoint endpoint, byte[] packet, bool bodyless = false)
    {
        await using var connection = await RawHttp.ConnectAsync(endpoint);
        await connection.SendAsync(packet);
        return await connection.ReceiveAsync(bodyless);
    }

    private static void Add(List<byte> to, string text)
    {
        to.AddRange([(byte)text.Length, (byte)(text.Length >> 8)]);
        to.AddRange(Encoding.Latin1.GetBytes(text));
    }
}
