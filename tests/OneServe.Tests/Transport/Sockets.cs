using System.Net;
using System.Net.Sockets;
using OneServe.Posix;

namespace OneServe.Tests.Transport;

/// <summary>Raw sockets for the transport's tests.</summary>
internal static class Sockets
{
    /// <summary>A non-blocking listening socket on a free loopback port.</summary>
    public static SafeDescriptor Listen(out int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(512);
        port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        int copy = Descriptors.Duplicate((int)socket.Handle).Int;
        Descriptors.SetNonBlocking(copy, true);
        return new SafeDescriptor(copy);
    }
}
