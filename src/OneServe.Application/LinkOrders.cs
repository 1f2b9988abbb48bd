using System.Buffers.Binary;
using OneServe.Posix;

namespace OneServe.Application;

/// <summary>The gateway's word about single requests to a worker that serves many at a time: frames on the reply link, the other way round.</summary>
/// <param name="link">The link's socket; it stays the link's.</param>
internal sealed class LinkOrders(SafeDescriptor link)
{
    private readonly Queue<LinkFrame> _unsent = new();

    /// <summary>The worker does not read now: <see cref="Flush"/> when the socket takes something again.</summary>
    public bool IsWaiting => _unsent.Count > 0;

    public void Send(ulong id, LinkFrameKind kind)
    {
        _unsent.Enqueue(new LinkFrame(id, 0, kind));
        if (_unsent.Count == 1)
            Flush();
    }

    /// <summary>Sends what waits, as far as it goes. When the worker has gone, so has what was to be said to it.</summary>
    public void Flush()
    {
        Span<byte> bytes = stackalloc byte[LinkFrame.HeaderSize];
        while (_unsent.TryPeek(out var frame))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, frame.Id);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], frame.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], (uint)frame.Kind);
            // A frame is far smaller than the least the kernel has room for, so it goes as a whole or not at all.
            var sent = link.IsClosed ? SysResult.Failed(Errno.EPIPE) : Messages.Send(link.Number, bytes, []);
            if (sent.Errno is Errno.EAGAIN or Errno.ENOBUFS)
                return;
            if (sent.IsError)
                _unsent.Clear();
            else
                _unsent.Dequeue();
        }
    }
}
