using System.Globalization;
using OneServe.Application.Marshal;
using OneServe.Gateway.Http.Proxies;
using OneServe.Transport;

namespace OneServe.Gateway.Http;

/// <summary>The environ's entries about client and server, marshalled: the same for every request of a connection, but behind a proxy.</summary>
/// <param name="Bytes">The entries.</param>
/// <param name="Count">Their number.</param>
internal readonly record struct ClientEnviron(byte[] Bytes, int Count)
{
    private const string Https = "https";
    private const string HttpsPort = "443";

    private static readonly string Host = Environment.MachineName;

    /// <param name="connection">Client and server, unless a proxy stands between them.</param>
    /// <param name="forwarded">What a trusted proxy says; null: nothing.</param>
    public static ClientEnviron Of(ClientConnection connection, ForwardedClient? forwarded)
    {
        string scheme = SchemeOf(connection, forwarded);
        byte[] buffer = new byte[1024];
        var packet = new PacketWriter(buffer);
        int count = 0;
        Add(EnvironKeys.RemoteAddress, forwarded?.Address ?? connection.RemoteAddress, ref packet);
        Add(EnvironKeys.RemotePort, RemotePortOf(connection, forwarded), ref packet);
        Add(EnvironKeys.ServerName, Host, ref packet);
        Add(EnvironKeys.ServerPort, ServerPortOf(connection, forwarded), ref packet);
        Add(EnvironKeys.ScriptName, "", ref packet);
        Add(EnvironKeys.Scheme, scheme, ref packet);
        // As nginx's uwsgi_params has it; WSGI's own key is the one above.
        if (scheme == Https)
            Add(EnvironKeys.Https, "on", ref packet);
        return new ClientEnviron(buffer[..packet.Length], count);

        void Add(byte[] key, string value, ref PacketWriter writer)
        {
            writer.Raw(key);
            writer.Text(value);
            count++;
        }
    }

    public static string SchemeOf(ClientConnection connection, ForwardedClient? forwarded)
        => forwarded?.Scheme ?? (connection.Announced is { IsSecure: true } ? Https : "http");

    public static string RemotePortOf(ClientConnection connection, ForwardedClient? forwarded)
        => forwarded?.Address is not null ? forwarded.Port ?? ""
            : connection.IsUnix ? "" : connection.RemotePort.ToString(CultureInfo.InvariantCulture);

    /// <summary>Never empty (PEP 3333); behind a UNIX socket it is the proxy's matter, and the Host field goes first in any case.</summary>
    public static string ServerPortOf(ClientConnection connection, ForwardedClient? forwarded)
        => forwarded?.ServerPort ?? (forwarded?.Scheme == Https ? HttpsPort
            : connection.IsUnix ? "80" : connection.LocalPort.ToString(CultureInfo.InvariantCulture));
}
