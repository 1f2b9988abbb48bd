using System.Text;

namespace OneServe.Posix;

/// <summary>
/// One end of a control socket: messages with descriptors, whole and in order, never blocking. What the peer does not take at once waits in
/// an outbox. Not thread-safe: it belongs to one loop.
/// </summary>
/// <remarks>
/// SOCK_SEQPACKET keeps message boundaries and tells the end of the peer. Works whether or not the descriptor is non-blocking: every call
/// carries MSG_DONTWAIT (the flag O_NONBLOCK belongs to the open file, which is shared with other processes).
/// </remarks>
public sealed class ControlSocket(SafeDescriptor socket) : IDisposable
{
    private readonly Queue<Outgoing> _outbox = new();

    /// <summary>For poll(2) and epoll(7).</summary>
    public int Descriptor => socket.Number;

    /// <summary>True once the socket is closed on this side.</summary>
    public bool IsClosed => socket.IsClosed;

    /// <summary>Messages that wait for the peer: watch for writability, then <see cref="Flush"/>.</summary>
    public int Pending => _outbox.Count;

    /// <summary>
    /// True when the kernel holds too many descriptors in flight (ETOOMANYREFS, unix(7)): writability says nothing then, flush again after a while.
    /// </summary>
    public bool IsCongested { get; private set; }

    /// <summary>A connected pair: our end, and the descriptor to give to the other process.</summary>
    public static (ControlSocket Ours, SafeDescriptor Theirs) Pair()
    {
        var (ours, theirs) = SocketPairs.Sequenced();
        return (new ControlSocket(ours), theirs);
    }

    /// <summary>
    /// Sends a message, or queues it behind those that wait; then the descriptors are duplicated, so the caller may close its own at once.
    /// EPIPE and ECONNRESET: the peer has gone, nothing was queued.
    /// </summary>
    public SysResult Send(string message, params ReadOnlySpan<int> descriptors)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(message);
        if (_outbox.Count == 0)
        {
            var sent = Messages.Send(socket.Number, bytes, descriptors);
            if (!IsTransient(sent.Errno))
                return sent;
        }
        var kept = new SafeDescriptor[descriptors.Length];
        for (int i = 0; i < kept.Length; i++)
        {
            var duplicate = Descriptors.Duplicate(descriptors[i]);
            if (duplicate.IsError)
            {
                foreach (var descriptor in kept.AsSpan(0, i))
                    descriptor.Dispose();
                return duplicate;
            }
            kept[i] = new SafeDescriptor(duplicate.Int);
        }
        _outbox.Enqueue(new Outgoing(bytes, kept));
        return SysResult.Succeeded(bytes.Length);
    }

    /// <summary>Sends what waits, as far as the peer takes it. An error other than "later" empties the outbox: the peer has gone.</summary>
    public SysResult Flush()
    {
        IsCongested = false;
        while (_outbox.TryPeek(out var next))
        {
            var sent = Messages.Send(socket.Number, next.Bytes, Array.ConvertAll(next.Descriptors, static descriptor => descriptor.Number));
            if (IsTransient(sent.Errno))
                return SysResult.Succeeded(_outbox.Count);
            if (sent.IsError)
            {
                Discard();
                return sent;
            }
            _outbox.Dequeue().Dispose();
        }
        return SysResult.Succeeded(0);
    }

    /// <summary>Takes the next message, if there is one.</summary>
    public ReceiveStatus Receive(out ControlMessage message)
    {
        message = null!;
        var length = Messages.NextLength(socket.Number);
        if (length.IsError)
            return length.Errno is Errno.EAGAIN or Errno.EINTR ? ReceiveStatus.Empty : ReceiveStatus.Ended;
        if (length.Value == 0)
            return ReceiveStatus.Ended;
        byte[] buffer = new byte[length.Int];
        var received = Messages.Receive(socket.Number, buffer, out var descriptors);
        if (received.IsError)
            return received.Errno is Errno.EAGAIN or Errno.EINTR ? ReceiveStatus.Empty : ReceiveStatus.Ended;
        message = ControlMessage.Parse(Encoding.UTF8.GetString(buffer, 0, received.Int), descriptors);
        return ReceiveStatus.Received;
    }

    public void Dispose()
    {
        Discard();
        socket.Dispose();
    }

    private void Discard()
    {
        while (_outbox.TryDequeue(out var waiting))
            waiting.Dispose();
    }

    private bool IsTransient(int errno)
    {
        IsCongested |= errno == Messages.TooManyInFlight;
        return errno is Errno.EAGAIN or Errno.ENOBUFS or Messages.TooManyInFlight;
    }

    private sealed record Outgoing(byte[] Bytes, SafeDescriptor[] Descriptors) : IDisposable
    {
        public void Dispose()
        {
            foreach (var descriptor in Descriptors)
                descriptor.Dispose();
        }
    }
}

/// <summary>What a look into a control socket found.</summary>
public enum ReceiveStatus
{
    /// <summary>A message.</summary>
    Received,

    /// <summary>None now.</summary>
    Empty,

    /// <summary>None ever again: no process holds the other end.</summary>
    Ended,
}
