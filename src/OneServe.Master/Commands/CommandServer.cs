using System.Text;
using OneServe.Master.Loop;
using OneServe.Posix;
using Serilog;

namespace OneServe.Master.Commands;

/// <summary>The master's end of <see cref="CommandLink"/>. Loop thread.</summary>
internal sealed class CommandServer : IDisposable
{
    private const int LongestCommand = 64;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly EventLoop _loop;
    private readonly Action<string, Action<string>> _carryOut;
    private readonly ListenSocket _socket;
    private readonly HashSet<SafeDescriptor> _peers = [];
    private bool _isDisposed;

    /// <param name="loop">Where it runs.</param>
    /// <param name="carryOut">Takes a command, and what to call with its answer when it has been carried out or not.</param>
    private CommandServer(EventLoop loop, ListenSocket socket, Action<string, Action<string>> carryOut)
    {
        (_loop, _socket, _carryOut) = (loop, socket, carryOut);
        loop.Watch(socket.Descriptor.Number, Accept);
    }

    /// <summary>Listens. Null when the name is taken: then signals are the only commands.</summary>
    public static CommandServer? Start(EventLoop loop, ILogger log, Action<string, Action<string>> carryOut)
    {
        try
        {
            var address = ListenAddress.Parse("@" + CommandLink.NameOf(ProcessCalls.Id), out _)!;
            return new CommandServer(loop, ListenSocket.Open(address, new ListenSocketOptions { Backlog = 16 }), carryOut);
        }
        catch (ListenException error)
        {
            log.Warning(
                "`oneserve reload` and `oneserve stop` will not find this server: @{Name}: {Reason}", CommandLink.NameOf(ProcessCalls.Id), Errno.Describe(error.Errno));
            return null;
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _loop.Unwatch(_socket.Descriptor.Number);
        _socket.Dispose();
        foreach (var peer in _peers.ToArray())
            Close(peer);
    }

    private void Accept()
    {
        var accepted = SocketCalls.Accept(_socket.Descriptor.Number, out _);
        if (accepted.IsError)
        {
            // Out of descriptors it stays readable: looking at once would spin.
            if (accepted.Errno is Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM)
                RestFromAccepting();
            return;
        }
        var peer = new SafeDescriptor(accepted.Int);
        _peers.Add(peer);
        if (PeerCredentials.TryGet(peer.Number, out var who) && (who.User == 0 || who.User == Credentials.CurrentUser))
            _loop.Watch(peer.Number, () => Hear(peer));
        else
            Answer(peer, CommandLink.Failed + "only root and the user that the server was started by may command it");
    }

    private void RestFromAccepting()
    {
        _loop.Unwatch(_socket.Descriptor.Number);
        _loop.Timers.After(Rest, () =>
        {
            if (!_isDisposed)
                _loop.Watch(_socket.Descriptor.Number, Accept);
        });
    }

    private void Hear(SafeDescriptor peer)
    {
        Span<byte> buffer = stackalloc byte[LongestCommand];
        var read = Descriptors.Read(peer.Number, buffer);
        if (read.Errno == Errno.EAGAIN)
            return;
        // One command a connection; it has left when it reads the answer, or when it reads no further.
        _loop.Unwatch(peer.Number);
        if (read.IsError || read.Int == 0)
            Close(peer);
        else
            _carryOut(Encoding.ASCII.GetString(buffer[..read.Int]).Trim(), answer => Answer(peer, answer));
    }

    private void Answer(SafeDescriptor peer, string answer)
    {
        // A peer that does not read it has gone: a socket's buffer is larger than any answer.
        Descriptors.Write(peer.Number, Encoding.UTF8.GetBytes(answer));
        Close(peer);
    }

    private void Close(SafeDescriptor peer)
    {
        if (!_peers.Remove(peer))
            return;
        _loop.Unwatch(peer.Number);
        peer.Dispose();
    }
}
