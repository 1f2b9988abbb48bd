using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace OneServe.Gateway.Http;

/// <summary>The one table from causes to statuses, and the answers made of it.</summary>
public static class HeadFaults
{
    public static int StatusOf(HeadFault fault) => fault switch
    {
        HeadFault.UnknownCoding or HeadFault.Connect => 501, // RFC 9112, 6.1; RFC 9110, 9.1
        HeadFault.Version => 505,
        HeadFault.Slow => 408,
        HeadFault.LengthRequired => 411,
        HeadFault.TargetTooLong => 414,
        HeadFault.Expectation => 417,
        HeadFault.ForeignScheme => 421, // RFC 9110, 7.4
        HeadFault.HeadTooLarge => 431,
        _ => 400,
    };

    /// <summary>What is said to who speaks the uwsgi protocol.</summary>
    public const string UwsgiText = "this socket speaks HTTP, and the uwsgi protocol came: name it in `proxy_pass`, or listen with `socket` instead of `http`";

    /// <summary>A server in front that speaks the uwsgi protocol takes an answer of HTTP, and hands it on.</summary>
    public static byte[] UwsgiAnswer() => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: {UwsgiText.Length + 1}\r\nConnection: close\r\n\r\n{UwsgiText}\n"));

    /// <summary>An empty answer that ends the connection.</summary>
    /// <param name="status">From 400 on.</param>
    /// <param name="fields">Further fields, each with its line end.</param>
    public static byte[] Answer(int status, string fields = "") => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"HTTP/1.1 {status} {ReasonPhrases.GetReasonPhrase(status)}\r\nContent-Length: 0\r\nConnection: close\r\nDate: {DateTime.UtcNow:R}\r\n{fields}\r\n"));
}
