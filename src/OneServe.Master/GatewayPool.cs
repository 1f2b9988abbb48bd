using OneServe.Posix;

namespace OneServe.Master;

/// <summary>
/// A generation as the gateway knows it: its settings, its queue, its slots. Each life of the gateway (epoch) is told of it anew; a life that does not know
/// it is told nothing else about it.
/// </summary>
/// <param name="gateway">Who is told.</param>
/// <param name="generation">Its number.</param>
/// <param name="settings">What the gateway reads of its configuration; closed with this.</param>
/// <param name="hasOwnQueues">Each worker has a queue for itself.</param>
internal sealed class GatewayPool(Gateway gateway, int generation, SafeDescriptor settings, bool hasOwnQueues) : IDisposable
{
    /// <summary>Send buffer of a queue: it bounds the size of one packet, and how many wait in the kernel.</summary>
    private const int QueueBuffer = 1 << 20;

    private SafeDescriptor? _queue;

    /// <summary>The life of the gateway that its queue is for; 0: none yet.</summary>
    public long Epoch { get; private set; }

    /// <summary>The workers' end of its queue; negative when each worker has one.</summary>
    public int Queue => _queue?.Number ?? -1;

    /// <summary>The gateway's present life does not know it.</summary>
    public bool IsUnknown => gateway.IsPresent && Epoch != gateway.Epoch;

    private bool IsKnown => Epoch == gateway.Epoch;

    /// <summary>The two ends of a queue: the gateway's and the workers'.</summary>
    /// <exception cref="SystemCallException">No descriptors or memory.</exception>
    public static (SafeDescriptor Theirs, SafeDescriptor Ours) NewQueue()
    {
        var (theirs, ours) = SocketPairs.Sequenced();
        SocketPairs.SetSendBuffer(theirs, QueueBuffer);
        return (theirs, ours);
    }

    /// <summary>Makes a queue for the gateway's present life and gives it its end.</summary>
    /// <exception cref="SystemCallException">As above.</exception>
    public void Enter()
    {
        if (hasOwnQueues)
        {
            gateway.Send($"generation {generation}", settings.Number);
        }
        else
        {
            var (theirs, ours) = NewQueue();
            _queue?.Dispose();
            _queue = ours;
            using (theirs)
                gateway.Send($"generation {generation}", settings.Number, theirs.Number);
        }
        Epoch = gateway.Epoch;
    }

    /// <summary>A worker's slot, with the gateway's end of its link.</summary>
    public void AddSlot(int line, int worker, int thread, SafeDescriptor link) => gateway.Send($"slot {generation} {line} {worker} {thread}", link.Number);

    /// <summary>A worker that serves many requests at a time, with a queue for itself: the gateway takes back what it does not take.</summary>
    public void AddWorker(int line, int worker, int requests, SafeDescriptor link, SafeDescriptor queue, SafeDescriptor end)
        => gateway.Send($"worker {generation} {line} {requests} {worker}", link.Number, queue.Number, end.Number);

    /// <summary>New requests go to it.</summary>
    public void Activate() => gateway.Send($"activate {generation}");

    /// <summary>A slot's process has been reaped; <paramref name="id"/> is the request that it had taken last.</summary>
    public void TellDead(int line, ulong id) => Tell($"dead {line} {id}");

    /// <summary>The worker of this line has a queue for itself, which ends now.</summary>
    public void TellToLeave(int line) => Tell($"leave {line}");

    /// <summary>So many idle slots look at their flags.</summary>
    public void Wake(int slots) => Tell($"noop {generation} {slots}");

    /// <summary>There are no workers for so long: requests are not to wait for them.</summary>
    public void Rest(TimeSpan time) => Tell($"rest {generation} {(long)time.TotalMilliseconds}");

    /// <summary>The workers take what is queued, then read the end and ask what next.</summary>
    /// <returns>False: each has a queue of which the gateway does not know any more.</returns>
    public bool EndQueue()
    {
        if (IsKnown && gateway.IsPresent)
            gateway.Send($"retire {generation}");
        else if (_queue is not null)
            SocketPairs.EndReading(_queue);
        else
            return false;
        return true;
    }

    public void Dispose()
    {
        _queue?.Dispose();
        settings.Dispose();
    }

    private void Tell(string message)
    {
        if (IsKnown)
            gateway.Send(message);
    }
}
