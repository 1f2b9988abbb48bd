using System.Runtime.InteropServices;
using OneServe.Application;

namespace OneServe.Tests.Application;

public sealed unsafe class ReplyRingTests : IDisposable
{
    private const int Line = 3;
    private readonly byte* _ring = (byte*)NativeMemory.AllocZeroed(SharedLayout.RingSize);
    private readonly byte* _boardMemory = (byte*)NativeMemory.AllocZeroed(Scoreboard.Size);
    private readonly Scoreboard _board;

    public ReplyRingTests() => _board = new Scoreboard(_boardMemory);

    public void Dispose()
    {
        NativeMemory.Free(_ring);
        NativeMemory.Free(_boardMemory);
    }

    [Fact]
    public void A_thousand_random_replies_come_out_as_they_went_in()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        var ring = new ReplyRing(_ring, _board, Line);
        ulong position = 0;
        for (ulong id = 1; id <= 1000; id++)
        {
            byte[] head = new byte[random.Next(1, 300)];
            byte[] body = new byte[random.Next(0, 60_000)];
            random.NextBytes(head);
            random.NextBytes(body);
            position = Publish(position, id, head, body);
            ring.HasReplies.Should().BeTrue();
            ring.TryTake(out var entry, out bool garbage).Should().BeTrue("reply {0} of seed {1}", id, seed);
            garbage.Should().BeFalse();
            entry.Id.Should().Be(id);
            entry.Head.Span.SequenceEqual(head).Should().BeTrue();
            entry.Body.Span.SequenceEqual(body).Should().BeTrue();
            ring.Release();
            _board[Line, SlotWord.Consumed].Should().Be(position);
        }
        ring.TryTake(out _, out _).Should().BeFalse();
    }

    [Fact]
    public void A_new_reader_goes_on_where_the_last_one_stopped()
    {
        ulong position = Publish(0, 1, [1], []);
        var first = new ReplyRing(_ring, _board, Line);
        first.TryTake(out _, out _).Should().BeTrue();
        first.Release();
        Publish(position, 2, [2], []);
        var second = new ReplyRing(_ring, _board, Line);
        second.TryTake(out var entry, out _).Should().BeTrue();
        entry.Id.Should().Be(2);
    }

    [Theory]
    [InlineData(8UL, 0u, 0u)] // published bytes that are no multiple of 16
    [InlineData(16UL, 100u, 0u)] // longer than what was published
    [InlineData(1UL << 40, 1u, 1u)] // more than a ring holds
    [InlineData(64UL, 0xfffffff0u, 0xfffffff0u)] // lengths that overflow 32 bits together
    [InlineData(64UL, 0x7fffffffu, 16u)]
    public void Garbage_is_dropped_whole(ulong produced, uint head, uint body)
    {
        *(ulong*)_ring = 7;
        *(uint*)(_ring + 8) = head;
        *(uint*)(_ring + 12) = body;
        _board[Line, SlotWord.Produced] = produced;
        var ring = new ReplyRing(_ring, _board, Line);
        ring.TryTake(out _, out bool garbage).Should().BeFalse();
        garbage.Should().BeTrue();
        ring.HasReplies.Should().BeFalse("nothing after garbage is believed");
    }

    private ulong Publish(ulong position, ulong id, byte[] head, byte[] body)
    {
        int whole = (16 + head.Length + body.Length + 15) & ~15;
        int offset = (int)(position % SharedLayout.RingSize);
        if (offset + whole > SharedLayout.RingSize)
        {
            *(ulong*)(_ring + offset) = ulong.MaxValue;
            position += (ulong)(SharedLayout.RingSize - offset);
            offset = 0;
        }
        *(ulong*)(_ring + offset) = id;
        *(int*)(_ring + offset + 8) = head.Length;
        *(int*)(_ring + offset + 12) = body.Length;
        head.CopyTo(new Span<byte>(_ring + offset + 16, head.Length));
        body.CopyTo(new Span<byte>(_ring + offset + 16 + head.Length, body.Length));
        position += (ulong)whole;
        _board[Line, SlotWord.Produced] = position;
        return position;
    }
}
