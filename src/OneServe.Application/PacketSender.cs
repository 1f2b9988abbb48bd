using OneServe.Posix;

namespace OneServe.Application;

/// <summary>Sends waiting requests to a pool's queue, as many at once as fit, and gives them their ids.</summary>
internal sealed class PacketSender(BodyBlocks blocks, ulong epoch)
{
    private readonly PacketBatch _batch = new(blocks);
    private ulong _sequence;

    /// <summary>The id of the next request that has been sent; in the order of the queue.</summary>
    public ulong TakeId() => IdOf(++_sequence);

    /// <summary>Sends from this request on. Returns how many have left.</summary>
    /// <param name="first">The oldest that waits.</param>
    /// <param name="queue">The descriptor of the queue.</param>
    /// <param name="room">How many may go.</param>
    /// <returns>EMSGSIZE: the first request is too large for a packet. EAGAIN and others: not now.</returns>
    public SysResult Send(ApplicationRequest first, int queue, int room)
    {
        ulong sequence = _sequence;
        _batch.Clear();
        for (var request = first; request is not null && _batch.Count < room; request = request.Next)
        {
            if (!_batch.TryAdd(request, IdOf(++sequence)))
                break;
        }
        if (_batch.Count > 0)
            return _batch.Send(queue);
        var result = _batch.SendAlone(queue, first, IdOf(_sequence + 1));
        return result.IsError ? result : SysResult.Of(1);
    }

    private ulong IdOf(ulong sequence) => (epoch << SharedLayout.SequenceBits) | sequence;
}
