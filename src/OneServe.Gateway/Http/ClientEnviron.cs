using System.Globalization;
using OneServe.Application.Marshal;
using OneServe.Transport;

namespace OneServe.Gateway.Http;

/// <summary>The environ's entries that are the same for every request of a connection, marshalled once.</summary>
internal static class ClientEnviron
{
    /// <summary>Entries in what <see cref="Marshal"/> returns.</summary>
    public const int Count = 6;

    private static readonly string Host = Environment.MachineName;

    public static byte[] Marshal(ClientConnection connection)
    {
        byte[] buffer = new byte[1024];
        var packet = new PacketWriter(buffer);
        Add(ref packet, EnvironKeys.RemoteAddress, connection.RemoteAddress);
        Add(ref packet, EnvironKeys.RemotePort, connection.IsUnix ? "" : connection.RemotePort.ToString(CultureInfo.InvariantCulture));
        Add(ref packet, EnvironKeys.ServerName, Host);
        // Never empty (PEP 3333); behind a UNIX socket it is the proxy's matter, and the Host field goes first in any case.
        Add(ref packet, EnvironKeys.ServerPort, connection.IsUnix ? "80" : connection.LocalPort.ToString(CultureInfo.InvariantCulture));
        Add(ref packet, EnvironKeys.ScriptName, "");
        Add(ref packet, EnvironKeys.Scheme, "http");
        return buffer[..packet.Length];
    }

    private static void Add(ref PacketWriter packet, byte[] key, string value)
    {
        packet.Raw(key);
        packet.Text(value);
    }
}
