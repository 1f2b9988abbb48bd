using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace OneServe.Gateway.Uwsgi;

/// <summary>The one table from causes to answers. They are HTTP: the server in front hands them on, and a lost HTTP client can read them.</summary>
public static class UwsgiFaults
{
    /// <summary>What uWSGI answers to a ping: the same packet with 1 for its second modifier.</summary>
    private static readonly byte[] Pong = [UwsgiPacket.Ping, 0, 0, 1];

    /// <summary>0: what is sent is no HTTP.</summary>
    public static int StatusOf(UwsgiFault fault) => fault switch
    {
        UwsgiFault.Ping => 0,
        UwsgiFault.Slow => 408,
        UwsgiFault.TooLarge => 431,
        UwsgiFault.Modifier => 501,
        _ => 400,
    };

    /// <summary>For the log and for the body of the answer.</summary>
    public static string TextOf(UwsgiFault fault) => fault switch
    {
        UwsgiFault.Http => "this socket speaks the uwsgi protocol, and HTTP came: name it in `uwsgi_pass`, or listen with `http-socket` instead of `socket`",
        UwsgiFault.Tls => "this socket speaks the uwsgi protocol, and TLS came: let nginx take the TLS connections and name the socket in `uwsgi_pass`",
        UwsgiFault.Modifier => "the packet's first modifier is none of 0, 30 and 100: only Python applications are served here (`uwsgi_modifier1`)",
        UwsgiFault.TooLarge => "the packet has more than `buffer-size` bytes or 1024 variables",
        UwsgiFault.Empty => "the packet has no variables: `include uwsgi_params` beside `uwsgi_pass`",
        UwsgiFault.Bounds => "a variable reaches beyond the packet's end",
        UwsgiFault.EmptyKey => "a variable has no name",
        UwsgiFault.Nul => "a variable's name or the path has a NUL",
        UwsgiFault.Method => "REQUEST_METHOD is missing or no method: `include uwsgi_params` beside `uwsgi_pass`",
        UwsgiFault.ContentLength => "CONTENT_LENGTH is no number",
        UwsgiFault.Slow => "the packet did not arrive within `http-headers-timeout`",
        _ => "",
    };

    /// <summary>An answer that ends the connection.</summary>
    public static byte[] Answer(UwsgiFault fault)
    {
        int status = StatusOf(fault);
        if (status == 0)
            return Pong;
        string text = TextOf(fault);
        string head = FormattableString.Invariant(
            $"HTTP/1.1 {status} {ReasonPhrases.GetReasonPhrase(status)}\r\nContent-Type: text/plain\r\nContent-Length: {text.Length + 1}\r\n");
        return Encoding.ASCII.GetBytes($"{head}Connection: close\r\n\r\n{text}\n");
    }
}
