using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using OneServe.Application;
using OneServe.Posix;

namespace OneServe.Tests.Application;

/// <summary>A slot as a worker plays it: takes packets off the queue, answers by the ring or by the link. Used from the test's thread.</summary>
internal sealed unsafe class FakeWorker(SharedRegions regions, int line, SafeDescriptor queue, SafeDescriptor link, SafeDescriptor wake)
{
    private readonly byte[] _packet = new byte[256 * 1024];
    private int _descriptors;
    private Scoreboard _board = regions.Board;

    public int Line { get; } = line;

    /// <summary>Where the body of the packet taken last lies: a descriptor, or a block's reference.</summary>
    public string Body { get; private set; } = "";

    /// <summary>A request that this slot is to answer later.</summary>
    public ulong Pending { get; set; }

    /// <summary>Bytes of the packet taken last.</summary>
    public int Length { get; private set; }

    public ulong Cancelled => _board[Line, SlotWord.Cancelled];

    /// <summary>As a worker looks whether somebody still waits for a request.</summary>
    public bool MayRun(ulong id) => id > _board[0, (SlotWord)2] || _board[1 + (int)(id % (Scoreboard.Lines - 1)), SlotWord.Withdrawn] != id;

    /// <summary>Takes the next packet, as recvmsg(2) does it: the id goes into the scoreboard at once. Null: the queue is empty.</summary>
    public ulong? Take()
    {
        var result = Messages.Receive(queue.Number, _packet, out var descriptors);
        // The last bytes of the packet: the int of wsgi.input and the dict's end; with a descriptor it is the length only.
        Body = descriptors.Length > 0
            ? $"descriptor of line {Line}, {++_descriptors}"
            : result.Int > 16 ? Convert.ToHexString(_packet.AsSpan(result.Int - 14, 14)) : "";
        foreach (var descriptor in descriptors)
            descriptor.Dispose();
        if (result.IsError || result.Int == 0)
            return null;
        Length = result.Int;
        ulong id = BinaryPrimitives.ReadUInt64LittleEndian(_packet);
        _board[Line, SlotWord.Taken] = id;
        _board[Line, SlotWord.Pid] = (ulong)(1000 + Line);
        return id;
    }

    /// <summary>Takes all that is in the queue; the ids of requests alone, not of packets that only ask whether anybody is there.</summary>
    public List<ulong> TakeAll()
    {
        List<ulong> ids = [];
        while (Take() is { } id)
        {
            if (Length > 16)
                ids.Add(id);
        }
        return ids;
    }

    /// <summary>What the gateway has said about single requests, as kind and id.</summary>
    public List<(uint Kind, ulong Id)> Orders()
    {
        List<(uint, ulong)> orders = [];
        byte[] frame = new byte[16];
        while (Messages.Receive(link.Number, frame, out _) is { IsError: false, Int: 16 })
            orders.Add((BinaryPrimitives.ReadUInt32LittleEndian(frame.AsSpan(12)), BinaryPrimitives.ReadUInt64LittleEndian(frame)));
        return orders;
    }

    /// <summary>Requests that the gateway says this worker has.</summary>
    public ulong InFlight => _board[Line, SlotWord.InFlight];

    /// <summary>As if it had taken its packet so long ago.</summary>
    public void LimitIn(TimeSpan time) => _board[Line, SlotWord.Limit] = (ulong)(System.Diagnostics.Stopwatch.GetTimestamp() + (long)time.TotalNanoseconds);

    public void StartedAgo(TimeSpan age) => _board[Line, SlotWord.Started] = Ago(age);

    /// <summary>As if the gateway had sent the packet so long ago; the kernel notes that with the id.</summary>
    public void SentAgo(TimeSpan age) => _board[Line, SlotWord.Sent] = Ago(age);

    private static ulong Ago(TimeSpan age) => (ulong)(Stopwatch.GetTimestamp() - (long)(age.TotalSeconds * Stopwatch.Frequency));

    /// <summary>Puts a complete reply into the ring and wakes the gateway.</summary>
    public void Reply(ulong id, string body, string head = "head") => Publish(id, head, body, (uint)body.Length);

    /// <summary>Puts an entry into the ring whose lengths are a lie.</summary>
    public void ReplyGarbage(ulong id) => Publish(id, "head", "", uint.MaxValue);

    public void Send(ulong id, uint kind, string payload = "")
    {
        byte[] frame = new byte[16 + payload.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(frame, id);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(8), payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(12), kind);
        Encoding.ASCII.GetBytes(payload, frame.AsSpan(16));
        Messages.Send(link.Number, frame, []).IsError.Should().BeFalse();
    }

    /// <summary>The worker's end of the link closes, as at the end of the process.</summary>
    public void Close() => link.Dispose();

    private void Publish(ulong id, string head, string body, uint bodyLength)
    {
        ulong at = _board[Line, SlotWord.Produced];
        byte* entry = regions.Ring(Line) + (at & (SharedLayout.RingSize - 1));
        *(ulong*)entry = id;
        *(uint*)(entry + 8) = (uint)head.Length;
        *(uint*)(entry + 12) = bodyLength;
        Encoding.ASCII.GetBytes(head + body, new Span<byte>(entry + 16, head.Length + body.Length));
        _board[Line, SlotWord.Produced] = at + (((ulong)(16 + head.Length + body.Length) + 15) & ~15UL);
        Descriptors.Signal(wake.Number);
    }
}
