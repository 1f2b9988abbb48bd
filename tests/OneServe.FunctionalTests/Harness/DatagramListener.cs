using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OneServe.FunctionalTests.Harness;

/// <summary>Somebody who takes log lines as datagrams: a syslog daemon at a UNIX socket, a receiver at a UDP port.</summary>
internal sealed class DatagramListener : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly Task _reading;

    private DatagramListener(Socket socket)
    {
        _socket = socket;
        _reading = Task.Run(ReadAsync);
    }

    public ConcurrentQueue<string> Datagrams { get; } = [];

    /// <summary>Of UDP.</summary>
    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public static DatagramListener AtUdp()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new DatagramListener(socket);
    }

    public static DatagramListener AtPath(string path)
    {
        File.Delete(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return new DatagramListener(socket);
    }

    public Task WaitForAsync(Func<string, bool> datagram, string what) => Poll.Until(() => Datagrams.Any(datagram), what);

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading;
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                Datagrams.Enqueue(Encoding.UTF8.GetString(buffer, 0, await _socket.ReceiveAsync(buffer)));
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
        }
    }
}
