using System.Net;
using System.Net.Sockets;
using Mono.Unix.Native;
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
        return Take(socket);
    }

    /// <summary>A connected pair: a non-blocking descriptor for the transport, an ordinary socket for the client.</summary>
    public static (int Server, Socket Client) Pair(bool unix)
    {
        if (unix)
        {
            Syscall.socketpair(UnixAddressFamily.AF_UNIX, UnixSocketType.SOCK_STREAM, 0, out int server, out int client).Should().Be(0);
            Descriptors.SetNonBlocking(server, true);
            return (server, Configure(new Socket(new SafeSocketHandle(client, ownsHandle: true))));
        }
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 16 * 1024 };
        socket.Connect(listener.LocalEndPoint!);
        using var accepted = listener.Accept();
        return (Take(accepted).Detach(), Configure(socket));
    }

    /// <summary>Closes with a reset instead of an end.</summary>
    public static void Reset(this Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    /// <summary>Reads so many bytes; fewer only at the end.</summary>
    public static byte[] ReceiveExactly(this Socket socket, int length)
    {
        byte[] bytes = new byte[length];
        int got = 0;
        while (got < length)
        {
            int part = socket.Receive(bytes.AsSpan(got));
            if (part == 0)
                return bytes[..got];
            got += part;
        }
        return bytes;
    }

    public static byte[] ReceiveToEnd(this Socket socket)
    {
        var all = new MemoryStream();
        byte[] part = new byte[64 * 1024];
        for (int got; (got = socket.Receive(part)) > 0;)
            all.Write(part, 0, got);
        return all.ToArray();
    }

    public static Socket Configure(Socket socket)
    {
        socket.Blocking = true;
        socket.ReceiveTimeout = socket.SendTimeout = 20_000;
        return socket;
    }

    private static SafeDescriptor Take(Socket socket)
    {
        int copy = Descriptors.Duplicate((int)socket.Handle).Int;
        Descriptors.SetNonBlocking(copy, true);
        return new SafeDescriptor(copy);
    }
}
