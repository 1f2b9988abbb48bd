using OneServe.Posix;

namespace OneServe.Transport;

/// <summary>A listening socket on the accepting loop.</summary>
internal sealed class ListeningSocket(EpollTransport transport, EventLoop loop, int id, SafeDescriptor socket, ConnectionProtocol protocol)
    : IDescriptorHandler
{
    private const int Batch = 64;
    private const int PauseMilliseconds = 100;

    private bool _isClosed;
    private bool _wasExhausted;

    public int Id { get; } = id;

    /// <summary>Level-triggered: what a batch leaves is reported again.</summary>
    public void Open() => loop.Watch(socket.Number, EpollEvents.In, this);

    public void OnEvents(EpollEvents events)
    {
        for (int i = 0; i < Batch; i++)
        {
            var accepted = SocketCalls.Accept(socket.Number, out var peer);
            if (!accepted.IsError)
            {
                _wasExhausted = false;
                transport.Admit(accepted.Int, peer, Id, protocol);
                continue;
            }
            switch (accepted.Errno)
            {
                case Errno.EAGAIN:
                    return;
                case Errno.EINTR or Errno.ECONNABORTED or Errno.EPERM or Errno.EPROTO:
                    continue; // this connection's own misfortune (accept(2)): the next one
                default:
                    Pause(accepted.Errno);
                    return;
            }
        }
    }

    /// <summary>Who has come so far is still accepted: with the last descriptor of the socket the kernel resets what waits there.</summary>
    public void Close()
    {
        if (_isClosed)
            return;
        OnEvents(EpollEvents.In);
        _isClosed = true;
        loop.Unwatch(socket.Number);
        socket.Dispose();
    }

    /// <summary>
    /// Out of descriptors or memory. The listener stays readable, so polling it on would spin: it rests. What still waits after a first rest is turned
    /// away with the reserve descriptor, so that clients learn of it instead of filling the backlog.
    /// </summary>
    private void Pause(int errno)
    {
        transport.ReportAcceptFailure(errno);
        if (_wasExhausted && errno is Errno.EMFILE or Errno.ENFILE)
            transport.Reserve.Shed(socket.Number, Batch);
        _wasExhausted = true;
        loop.Modify(socket.Number, EpollEvents.None);
        loop.Schedule(PauseMilliseconds, static listener => ((ListeningSocket)listener!).Resume(), this);
    }

    private void Resume()
    {
        if (!_isClosed)
            loop.Modify(socket.Number, EpollEvents.In);
    }
}
