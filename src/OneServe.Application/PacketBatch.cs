using System.Diagnostics;
using System.Runtime.CompilerServices;
using OneServe.Application.Marshal;
using OneServe.Posix;

namespace OneServe.Application;

/// <summary>Packets of several requests, sent to a queue by one sendmmsg(2): at full load the call is dearer than the packet.</summary>
internal sealed unsafe class PacketBatch(BodyBlocks blocks)
{
    public const int Capacity = 64;

    /// <summary>Bytes of a single packet at the most: a head of 64 KiB may double in UTF-8, and environ has more than the head.</summary>
    public const int BufferSize = 256 * 1024;

    /// <summary>A body up to here rides in the packet; from here on a copy through shared memory is cheaper.</summary>
    private const int InlineBody = 1024;

    private static readonly byte[] InputKey = MarshalledKey.Of("wsgi.input");

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);
    private readonly IoVector[] _vectors = GC.AllocateArray<IoVector>(Capacity, pinned: true);
    private readonly MultiMessage[] _messages = GC.AllocateArray<MultiMessage>(Capacity, pinned: true);
    private int _used;

    public int Count { get; private set; }

    public void Clear() => Count = _used = 0;

    /// <summary>Adds the request's packet. False: it did not fit behind the others, or it needs a descriptor and goes alone.</summary>
    public bool TryAdd(ApplicationRequest request, ulong id)
    {
        if (Count == Capacity || request.BodyFile is not null || !TryPlaceBody(request))
            return false;
        if (!TryWrite(request, id, _buffer.AsSpan(_used), out int length))
            return false;
        byte* start = (byte*)Unsafe.AsPointer(ref _buffer[_used]);
        _vectors[Count] = new IoVector { Base = start, Length = length };
        _messages[Count].Header = new MessageHeader { Vectors = (IoVector*)Unsafe.AsPointer(ref _vectors[Count]), VectorCount = 1 };
        Count++;
        _used += length;
        return true;
    }

    /// <summary>Sends what was added; returns how many packets the queue took, or the errno of the first.</summary>
    public SysResult Send(int queue) =>
        SocketCalls.SendMessages(queue, (MultiMessage*)Unsafe.AsPointer(ref _messages[0]), Count, MessageFlags.DontWait | MessageFlags.NoSignal);

    /// <summary>Sends one request by itself, with the descriptor of its body when it has one. EMSGSIZE: its head is too large.</summary>
    public SysResult SendAlone(int queue, ApplicationRequest request, ulong id)
    {
        SafeDescriptor? spilled = null;
        if (request.BodyFile is null && !TryPlaceBody(request))
        {
            try
            {
                spilled = MemoryFile.Of("request-body", request.Body);
            }
            catch (SystemCallException failure)
            {
                return SysResult.Failed(failure.Errno);
            }
        }
        using (spilled)
        {
            var body = request.BodyFile ?? spilled;
            if (!TryWrite(request, id, _buffer, out int length, body is not null))
                return SysResult.Failed(Errno.EMSGSIZE);
            return Messages.Send(queue, _buffer.AsSpan(0, length), body is null ? [] : [body.Number]);
        }
    }

    private bool TryPlaceBody(ApplicationRequest request)
        => request.BodyLength < InlineBody || request.BodyBlock >= 0 || blocks.TryShare(request.Body, out request.BodyBlock);

    private static bool TryWrite(ApplicationRequest request, ulong id, Span<byte> buffer, out int length, bool descriptor = false)
    {
        var packet = new PacketWriter(buffer);
        packet.Fixed64(id);
        packet.Fixed64((ulong)Stopwatch.GetTimestamp());
        packet.BeginDict();
        request.WriteEnviron(ref packet);
        if (request.BodyLength > 0)
        {
            packet.Raw(InputKey);
            if (descriptor)
                packet.Integer(-request.BodyLength); // so that a worker misses a descriptor which the kernel could not give it
            else if (request.BodyBlock >= 0)
                packet.Integer(BodyBlocks.Reference(request.BodyBlock, request.BodyLength));
            else
                packet.Bytes(request.Body);
        }
        packet.EndDict();
        length = packet.Length;
        return !packet.Overflowed;
    }
}
