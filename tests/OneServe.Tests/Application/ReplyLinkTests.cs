using System.Buffers.Binary;
using System.Text;
using OneServe.Application;
using OneServe.Posix;

namespace OneServe.Tests.Application;

public sealed class ReplyLinkTests
{
    [Fact]
    public void Frames_survive_any_fragmentation()
    {
        byte[] stream = [.. Frame(5, 1, "head"), .. Frame(5, 2, "hello "), .. Frame(5, 2, "world"), .. Frame(5, 7, "v"), .. Frame(5, 3, ""), .. Frame(6, 1, "h2"), .. Frame(6, 4, "")];
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        for (int round = 0; round < 200; round++)
        {
            var link = new ReplyLink(new SafeDescriptor());
            var log = new Log();
            for (int at = 0; at < stream.Length;)
            {
                int count = Math.Min(random.Next(1, 24), stream.Length - at);
                byte[] input = [.. link.Kept, .. stream.AsSpan(at, count)];
                link.Consume(input, log).Should().BeTrue();
                at += count;
            }
            log.ToString().Should().Be("5:head(head) 5:hello world 5:variables(v) 5:end 6:head(h2) 6:abort", "seed {0}", seed);
        }
    }

    [Fact]
    public void A_pause_holds_everything_back_until_it_is_lifted()
    {
        var link = new ReplyLink(new SafeDescriptor());
        var log = new Log { Takes = false };
        link.Consume(new byte[][] { Frame(1, 1, "h"), Frame(1, 2, "abc"), Frame(1, 2, "def"), Frame(1, 3, "") }.SelectMany(f => f).ToArray(), log).Should().BeTrue();
        log.ToString().Should().Be("1:head(h) 1:abc");
        link.Paused.Should().BeTrue();

        log.Takes = true;
        link.Paused = false;
        link.Consume(link.Kept.ToArray(), log).Should().BeTrue();
        log.ToString().Should().Be("1:head(h) 1:abcdef 1:end");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(8, 0)]
    [InlineData(7, 1 << 30)]
    [InlineData(6, 1 << 30)]
    [InlineData(3, 1)]
    [InlineData(4, 8)]
    [InlineData(5, 15)]
    [InlineData(5, 16)] // a FILE frame whose descriptor did not come
    [InlineData(1, 1 << 30)]
    public void Garbage_is_told(int kind, int length)
    {
        byte[] frame = new byte[16 + Math.Min(length, 16)];
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(8), length);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(12), kind);
        new ReplyLink(new SafeDescriptor()).Consume(frame, new Log()).Should().BeFalse();
    }

    private static byte[] Frame(ulong id, uint kind, string payload)
    {
        byte[] frame = new byte[16 + payload.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(frame, id);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(8), payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(12), kind);
        Encoding.ASCII.GetBytes(payload, frame.AsSpan(16));
        return frame;
    }

    private sealed class Log : ILinkReceiver
    {
        private readonly StringBuilder _text = new();
        private bool _inData;

        public bool Takes { get; set; } = true;

        public override string ToString() => _text.ToString().Trim();

        public bool OnInterim(ulong id, ReadOnlySpan<byte> head) => Add($"{id}:interim({Encoding.ASCII.GetString(head)})");

        public bool OnHead(ulong id, ReadOnlySpan<byte> head) => Add($"{id}:head({Encoding.ASCII.GetString(head)})");

        public void OnTimeLimit(ulong id, ulong until) => Add($"{id}:limit({until})");

        public bool OnVariables(ulong id, ReadOnlySpan<byte> variables) => Add($"{id}:variables({Encoding.ASCII.GetString(variables)})");

        public bool OnData(ulong id, ReadOnlyMemory<byte> data)
        {
            if (!_inData)
                _text.Append(' ').Append(id).Append(':');
            _inData = true;
            _text.Append(Encoding.ASCII.GetString(data.Span));
            return Takes;
        }

        public bool OnFile(ulong id, SharedFile file, long offset, long length) => true;

        public bool OnEnd(ulong id) => Add($"{id}:end");

        public void OnAbort(ulong id) => Add($"{id}:abort");

        private bool Add(string what)
        {
            _inData = false;
            _text.Append(' ').Append(what);
            return true;
        }
    }
}
