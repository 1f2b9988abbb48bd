using System.IO.Pipelines;
using System.Text;
using OneServe.Application.Marshal;

namespace OneServe.Gateway.Http;

/// <summary>
/// Writes 103 (Early Hints, RFC 8297) past Kestrel, which has no interim responses but 100: straight into the connection's output, before the
/// response has begun.
/// </summary>
internal static class InterimResponse
{
    private static readonly byte[] StatusLine = "HTTP/1.1 103 Early Hints\r\n"u8.ToArray();

    /// <summary>Sends the head; one that does not decode, or that could forge a further line, is left out.</summary>
    public static void Send(ReadOnlySpan<byte> head, PipeWriter output)
    {
        var reader = new ResponseHeadReader(head);
        if (!reader.TryReadStatus(out int code, out _) || code != 103)
            return;
        // UTF-8 of latin-1 characters: as bytes on the wire never longer than here.
        Span<byte> text = new byte[StatusLine.Length + (2 * head.Length)];
        StatusLine.CopyTo(text);
        int length = StatusLine.Length;
        while (reader.Headers > 0)
        {
            if (!reader.TryReadHeader(out var name, out var value) || name.ContainsAny((byte)'\r', (byte)'\n') || value.ContainsAny((byte)'\r', (byte)'\n'))
                return;
            length += Latin1(name, text[length..]);
            length += Latin1(": "u8, text[length..]);
            length += Latin1(value, text[length..]);
            length += Latin1("\r\n"u8, text[length..]);
        }
        length += Latin1("\r\n"u8, text[length..]);
        text[..length].CopyTo(output.GetSpan(length));
        output.Advance(length);
        // On the loop a flush of so little only marks the output: it leaves at the end of this turn's work.
        _ = output.FlushAsync();
    }

    private static int Latin1(ReadOnlySpan<byte> utf8, Span<byte> to) => Encoding.Latin1.GetBytes(Encoding.UTF8.GetString(utf8), to);
}
