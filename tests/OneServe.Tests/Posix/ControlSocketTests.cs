using OneServe.Posix;

namespace OneServe.Tests.Posix;

[Collection(nameof(DescriptorCollection))]
public sealed class ControlSocketTests
{
    [Fact]
    public void Messages_keep_their_parts_and_their_descriptors()
    {
        var (ours, other) = ControlSocket.Pair();
        using var peer = new ControlSocket(other);
        var (read, write) = Descriptors.Pipe();
        using (ours)
        using (read)
        using (write)
        {
            ours.Send("generation 7 x\nfirst\nsécond", read.Number, write.Number).IsError.Should().BeFalse();
            ours.Send("retire 6");

            peer.Receive(out var first).Should().Be(ReceiveStatus.Received);
            (first.Verb, first.Text, first.Number(0), first.Number(1), first.Number(2)).Should().Be(("generation", "first\nsécond", 7L, -1L, -1L));
            first.Descriptors.Should().HaveCount(2);
            Descriptors.Write(first.Descriptors[1].Number, "!"u8);
            byte[] one = new byte[1];
            Descriptors.Read(read.Number, one).Value.Should().Be(1, "the descriptor leads to the same pipe");
            CloseOnExec(first.Descriptors[0]).Should().BeTrue();
            first.CloseDescriptors();

            peer.Receive(out var second).Should().Be(ReceiveStatus.Received);
            second.Verb.Should().Be("retire");
            peer.Receive(out _).Should().Be(ReceiveStatus.Empty);
        }
        peer.Receive(out _).Should().Be(ReceiveStatus.Ended);
        peer.Send("up").Errno.Should().Be(Errno.EPIPE);
    }

    [Fact]
    public void A_peer_that_does_not_read_never_blocks_and_gets_everything_in_order()
    {
        const int Count = 5000;
        var (ours, other) = ControlSocket.Pair();
        using var peer = new ControlSocket(other);
        using (ours)
        {
            for (int i = 0; i < Count; i++)
            {
                var (read, write) = Descriptors.Pipe();
                using (read)
                using (write)
                    ours.Send($"slot {i}", i % 100 == 0 ? [read.Number] : []).IsError.Should().BeFalse();
            }
            ours.Pending.Should().BePositive("the socket holds less than that");
            int next = 0;
            while (next < Count)
            {
                while (peer.Receive(out var message) == ReceiveStatus.Received)
                {
                    message.Number(0).Should().Be(next);
                    message.Descriptors.Should().HaveCount(next % 100 == 0 ? 1 : 0);
                    message.CloseDescriptors();
                    next++;
                }
                ours.Flush().IsError.Should().BeFalse();
            }
            ours.Pending.Should().Be(0);
        }
    }

    [Fact]
    public void A_long_text_arrives_whole()
    {
        var (ours, other) = ControlSocket.Pair();
        using var peer = new ControlSocket(other);
        using (ours)
        {
            string text = new('x', 100_000);
            ours.Send("failed import-error\n" + text);
            peer.Receive(out var message).Should().Be(ReceiveStatus.Received);
            message.Text.Should().Be(text);
        }
    }

    [Fact]
    public void More_descriptors_than_one_message_takes_are_refused()
    {
        var (ours, other) = ControlSocket.Pair();
        using (other)
        using (ours)
        {
            ours.Send("x", Enumerable.Repeat(0, 253).ToArray()).IsError.Should().BeFalse();
            ours.Send("x", Enumerable.Repeat(0, 254).ToArray()).Errno.Should().Be(Errno.EINVAL);
        }
    }

    private static bool CloseOnExec(SafeDescriptor descriptor)
        => File.ReadLines($"/proc/self/fdinfo/{descriptor.Number}")
            .Any(static line => line.StartsWith("flags:") && (Convert.ToInt32(line[6..].Trim(), 8) & 0x80000) != 0);
}
