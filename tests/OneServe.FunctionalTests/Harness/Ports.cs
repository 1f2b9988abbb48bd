using System.Net;
using System.Net.Sockets;

namespace OneServe.FunctionalTests.Harness;

/// <summary>Free TCP ports, each given out once: below the kernel's ephemeral range, so that no outgoing connection takes one in between.</summary>
internal static class Ports
{
    private const int First = 15000;
    private const int Count = 15000;

    private static int _next = Random.Shared.Next(Count);

    public static int Next()
    {
        for (int attempt = 0; attempt < Count; attempt++)
        {
            int port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException("no free port");
    }

    /// <summary>True when nothing listens there: a socket can be bound to every address.</summary>
    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
