using System.Buffers;
using OneServe.Application.Marshal;

namespace OneServe.Tests.Application;

public sealed class PacketWriterTests
{
    private delegate void Writing(ref PacketWriter packet);

    private static string Hex(int capacity, Writing write, out bool overflowed)
    {
        byte[] buffer = new byte[capacity];
        var packet = new PacketWriter(buffer);
        write(ref packet);
        overflowed = packet.Overflowed;
        return Convert.ToHexString(buffer, 0, packet.Length);
    }

    // The expected bytes are CPython's: marshal.loads(bytes.fromhex(…)) gives the value in the second column.
    [Theory]
    [InlineData("GET", "7A03474554")]
    [InlineData("", "7A00")]
    [InlineData("caf\u00e9", "7505000000636166C3A9")]
    [InlineData("\u00ff\u0080", "7504000000C3BFC280")]
    public void Text_is_what_marshal_reads(string text, string expected)
    {
        Hex(64, (ref PacketWriter packet) => packet.Text(text), out _).Should().Be(expected);
    }

    [Fact]
    public void Text_of_more_than_255_ascii_characters_has_a_long_length()
    {
        string hex = Hex(1024, (ref PacketWriter packet) => packet.Text(new string('a', 300)), out _);
        hex.Should().StartWith("612C01000061").And.HaveLength((5 + 300) * 2);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("")]
    [InlineData("caf\u00e9 \u00ff\u0080")]
    public void Bytes_of_latin_1_are_written_as_their_characters(string text)
    {
        foreach (string longer in (string[])[text, text + new string('a', 300)])
        {
            byte[] bytes = System.Text.Encoding.Latin1.GetBytes(longer);
            string expected = Hex(1024, (ref PacketWriter packet) => packet.Text(longer), out _);
            Hex(1024, (ref PacketWriter packet) => packet.Latin1(bytes), out _).Should().Be(expected);
            Hex((expected.Length / 2) - 1, (ref PacketWriter packet) => packet.Latin1(bytes), out bool overflowed);
            overflowed.Should().BeTrue("a byte is missing");
        }
    }

    [Theory]
    [InlineData(0, "6C00000000")]
    [InlineData(1, "6C010000000100")]
    [InlineData(32767, "6C01000000FF7F")]
    [InlineData(32768, "6C0200000000000100")]
    [InlineData((5L << 32) | 7, "6C030000000700000014" + "00")]
    public void Integers_have_digits_of_fifteen_bits(long value, string expected)
    {
        Hex(64, (ref PacketWriter packet) => packet.Integer(value), out _).Should().Be(expected);
    }

    [Fact]
    public void A_dict_with_bytes_in_two_segments()
    {
        var body = Sequence("ab"u8.ToArray(), "c"u8.ToArray());
        Hex(64, (ref PacketWriter packet) =>
        {
            packet.BeginDict();
            packet.Raw(MarshalledKey.Of("k"));
            packet.Bytes(body);
            packet.EndDict();
        }, out _).Should().Be("7B" + "7A016B" + "7303000000616263" + "30");
    }

    [Fact]
    public void What_does_not_fit_is_dropped_and_said_at_every_length()
    {
        for (int capacity = 0; capacity < 40; capacity++)
        {
            Hex(capacity, (ref PacketWriter packet) =>
            {
                packet.BeginDict();
                packet.Text("name");
                packet.Text("v\u00e4lue");
                packet.Integer(1 << 20);
                packet.Fixed64(1);
                packet.EndDict();
            }, out bool overflowed);
            overflowed.Should().Be(capacity < 36, "{0} bytes were there", capacity);
        }
    }

    private static ReadOnlySequence<byte> Sequence(byte[] first, byte[] second)
    {
        var head = new Segment(first, null);
        var tail = new Segment(second, head);
        return new ReadOnlySequence<byte>(head, 0, tail, second.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, Segment? before)
        {
            Memory = bytes;
            if (before is null)
                return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
