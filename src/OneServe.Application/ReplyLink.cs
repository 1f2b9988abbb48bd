using System.Buffers.Binary;
using OneServe.Posix;

namespace OneServe.Application;

/// <summary>
/// The gateway's end of a slot's reply link: a state machine over the byte stream. The body's bytes pass through without being collected;
/// only headers and heads wait until they are whole.
/// </summary>
internal sealed class ReplyLink(SafeDescriptor socket)
{
    /// <summary>A head may be so long: what a worker lets its application set (256 KiB, more than any client accepts) and values for the access log.</summary>
    private const int MaximumHead = 384 * 1024;

    private const int FilePayload = 16;

    /// <summary>Descriptors whose frame has not come: an honest worker has one under way, or a few behind a pause.</summary>
    private const int MaximumFiles = 64;

    private readonly Queue<SharedFile> _files = new();
    private byte[] _kept = [];
    private LinkFrame _data;
    private uint _dataLeft;

    public SafeDescriptor Socket { get; } = socket;

    /// <summary>True: what follows is held back, because the client does not take it.</summary>
    public bool Paused { get; set; }

    /// <summary>Bytes that came and could not be used yet; to be put in front of what comes next.</summary>
    public ReadOnlySpan<byte> Kept => _kept;

    /// <summary>A descriptor came along; the next FILE frame is its. False: too many, it has been closed.</summary>
    public bool TryReceive(SharedFile file)
    {
        if (_files.Count >= MaximumFiles)
        {
            file.Release();
            return false;
        }
        _files.Enqueue(file);
        return true;
    }

    /// <summary>Consumes what can be consumed and keeps the rest. False: garbage.</summary>
    public bool Consume(ReadOnlyMemory<byte> input, ILinkReceiver receiver)
    {
        while (!Paused)
        {
            if (_dataLeft > 0)
            {
                if (input.IsEmpty)
                    break;
                int count = (int)Math.Min(_dataLeft, (uint)input.Length);
                _dataLeft -= (uint)count;
                Paused = !receiver.OnData(_data.Id, input[..count]);
                input = input[count..];
                continue;
            }
            if (input.Length < LinkFrame.HeaderSize)
                break;
            var frame = LinkFrame.Read(input.Span);
            if (!IsValid(frame))
                return false;
            var payload = input[LinkFrame.HeaderSize..];
            if (frame.Kind == LinkFrameKind.Data)
            {
                (_data, _dataLeft, input) = (frame, frame.Length, payload);
                continue;
            }
            if (payload.Length < frame.Length)
                break;
            if (!Deliver(frame, payload.Span[..(int)frame.Length], receiver))
                return false;
            input = payload[(int)frame.Length..];
        }
        _kept = input.ToArray();
        return true;
    }

    public void Close()
    {
        Socket.Dispose();
        while (_files.TryDequeue(out var file))
            file.Release();
        _kept = [];
        Paused = false;
    }

    private bool Deliver(LinkFrame frame, ReadOnlySpan<byte> payload, ILinkReceiver receiver)
    {
        switch (frame.Kind)
        {
            case LinkFrameKind.Interim:
                return receiver.OnInterim(frame.Id, payload);
            case LinkFrameKind.Head:
                return receiver.OnHead(frame.Id, payload);
            case LinkFrameKind.Variables:
                return receiver.OnVariables(frame.Id, payload);
            case LinkFrameKind.TimeLimit:
                receiver.OnTimeLimit(frame.Id, BinaryPrimitives.ReadUInt64LittleEndian(payload));
                return true;
            case LinkFrameKind.End:
                return receiver.OnEnd(frame.Id);
            case LinkFrameKind.Abort:
                receiver.OnAbort(frame.Id);
                return true;
            default:
                if (!_files.TryDequeue(out var file))
                    return false;
                long offset = BinaryPrimitives.ReadInt64LittleEndian(payload);
                long length = BinaryPrimitives.ReadInt64LittleEndian(payload[8..]);
                bool sane = offset >= 0 && length >= 0;
                if (sane)
                    Paused = !receiver.OnFile(frame.Id, file, offset, length);
                file.Release();
                return sane;
        }
    }

    private static bool IsValid(LinkFrame frame) => frame.Kind switch
    {
        LinkFrameKind.Head or LinkFrameKind.Interim or LinkFrameKind.Variables => frame.Length <= MaximumHead,
        LinkFrameKind.Data => true,
        LinkFrameKind.End or LinkFrameKind.Abort => frame.Length == 0,
        LinkFrameKind.File => frame.Length == FilePayload,
        LinkFrameKind.TimeLimit => frame.Length == sizeof(ulong),
        _ => false,
    };
}

/// <summary>Where the frames of a link go.</summary>
internal interface ILinkReceiver
{
    /// <returns>False: this answer has had its head already.</returns>
    bool OnInterim(ulong id, ReadOnlySpan<byte> head);

    /// <returns>False: this answer has had a head already.</returns>
    bool OnHead(ulong id, ReadOnlySpan<byte> head);

    /// <returns>False: they cannot be read.</returns>
    bool OnVariables(ulong id, ReadOnlySpan<byte> variables);

    /// <summary>Until when it may run (CLOCK_MONOTONIC ns), in place of the limit for all; 0: no longer so.</summary>
    void OnTimeLimit(ulong id, ulong until);

    /// <returns>False: hold the rest back.</returns>
    bool OnData(ulong id, ReadOnlyMemory<byte> data);

    /// <returns>False: hold the rest back.</returns>
    bool OnFile(ulong id, SharedFile file, long offset, long length);

    /// <returns>False: this answer has had no head.</returns>
    bool OnEnd(ulong id);

    void OnAbort(ulong id);
}
