using System.Buffers;

namespace OneServe.Application;

/// <summary>
/// The gateway's end of a slot's reply ring. The worker writes entries and publishes how many bytes it has ever written; the gateway reads them
/// and tells how many it has ever taken. Nothing inside is trusted: a worker's memory is its application's.
/// </summary>
internal sealed unsafe class ReplyRing
{
    private const int HeaderSize = 16;
    private const ulong Skip = ulong.MaxValue;

    private readonly byte* _start;
    private Scoreboard _board;
    private readonly int _line;
    private readonly NativeMemory _memory;
    private ulong _tail;

    public ReplyRing(byte* start, Scoreboard board, int line)
    {
        _start = start;
        _board = board;
        _line = line;
        _memory = new NativeMemory(start, SharedLayout.RingSize);
        // Not zero when the line had another process before: its last replies may still be in there.
        _tail = board[line, SlotWord.Consumed];
    }

    /// <summary>True when something has been published that has not been taken.</summary>
    public bool HasReplies => _board[_line, SlotWord.Produced] != _tail;

    /// <summary>Takes the next entry, whose memory is good until <see cref="Release"/>. False: none, or garbage (then all of it is dropped).</summary>
    public bool TryTake(out Entry entry, out bool garbage)
    {
        entry = default;
        garbage = false;
        while (true)
        {
            ulong produced = _board[_line, SlotWord.Produced];
            if (produced == _tail)
                return false;
            if (produced - _tail > SharedLayout.RingSize || (produced & 15) != 0)
                return Garbage(produced, out garbage);

            int offset = (int)(_tail & (SharedLayout.RingSize - 1));
            ulong id = *(ulong*)(_start + offset);
            if (id == Skip)
            {
                _tail += (ulong)(SharedLayout.RingSize - offset);
                if (_tail > produced)
                    return Garbage(produced, out garbage);
                continue;
            }
            uint head = *(uint*)(_start + offset + 8);
            uint body = *(uint*)(_start + offset + 12);
            ulong whole = (HeaderSize + (ulong)head + body + 15) & ~15UL;
            if (whole > (ulong)(SharedLayout.RingSize - offset) || whole > produced - _tail)
                return Garbage(produced, out garbage);

            entry = new Entry(id, _memory.Memory.Slice(offset + HeaderSize, (int)head), _memory.Memory.Slice(offset + HeaderSize + (int)head, (int)body));
            _tail += whole;
            return true;
        }
    }

    /// <summary>Gives the space of all taken entries back to the worker.</summary>
    public void Release() => _board[_line, SlotWord.Consumed] = _tail;

    private bool Garbage(ulong produced, out bool garbage)
    {
        _tail = produced;
        garbage = true;
        return false;
    }

    /// <summary>One complete reply.</summary>
    internal readonly record struct Entry(ulong Id, ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Body);

    /// <summary>A part of a mapping as Memory, which is what Kestrel takes.</summary>
    private sealed class NativeMemory(byte* start, int length) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => new(start, length);

        public override MemoryHandle Pin(int elementIndex = 0) => new(start + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
