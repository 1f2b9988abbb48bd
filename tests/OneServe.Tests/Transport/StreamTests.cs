using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using OneServe.Transport;
using Xunit.Abstractions;

namespace OneServe.Tests.Transport;

/// <summary>Bytes through a connection, both ways, in all sizes of pieces, by slow and fast sides.</summary>
public sealed class StreamTests(ITestOutputHelper output)
{
    private const int Total = 3_000_000;

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Echoes_whatever_the_fragmentation(bool unix, bool onLoop)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        await using var fixture = new TransportFixture();
        var (connection, client) = await fixture.ConnectAsync(unix);
        byte[] sent = new byte[Total];
        new Random(seed).NextBytes(sent);

        var echo = onLoop ? fixture.OnLoop(() => Echo(connection, new Random(seed + 1), false)) : Task.Run(() => Echo(connection, new Random(seed + 1), true));
        var sender = Task.Factory.StartNew(() => SendInPieces(client, sent, new Random(seed + 2)), TaskCreationOptions.LongRunning);
        byte[] received = await Task.Factory.StartNew(() => ReceiveInPieces(client, new Random(seed + 3)), TaskCreationOptions.LongRunning);

        await sender;
        await echo;
        client.Dispose();
        received.AsSpan().SequenceEqual(sent).Should().BeTrue($"seed {seed}, received {received.Length}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Files_pinned_memory_and_copies_keep_their_order(bool unix)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var file = new RandomFile(random, 5_000_000);
        byte[] pinned = GC.AllocateArray<byte>(200_000, pinned: true);
        random.NextBytes(pinned);
        await using var fixture = new TransportFixture();
        var (connection, client) = await fixture.ConnectAsync(unix);
        var expected = new MemoryStream();

        var receiver = Task.Factory.StartNew(() => ReceiveInPieces(client, new Random(seed + 1)), TaskCreationOptions.LongRunning);
        var writer = connection.Output;
        for (int i = 0; i < 200; i++)
            await (i % 2 == 0 ? fixture.OnLoop(WriteOne) : WriteOne());
        await connection.DisposeAsync();
        byte[] received = await receiver;
        client.Dispose();

        received.Length.Should().Be((int)expected.Length, $"seed {seed}");
        received.AsSpan().SequenceEqual(expected.ToArray()).Should().BeTrue($"seed {seed}");
        connection.Output.BytesSent.Should().Be(expected.Length);
        file.Shared.TryHold().Should().BeTrue();
        file.Shared.Release();

        async Task WriteOne()
        {
            int kind = random.Next(4);
            // Now and then a file larger than a turn's slice.
            int length = random.Next(10) == 0 ? random.Next(4_000_000) : random.Next(kind == 0 ? 50_000 : 3000);
            int offset;
            switch (kind)
            {
                case 0:
                    offset = random.Next(file.Bytes.Length - length);
                    writer.SendFile(writer, file.Shared, offset, length).Should().BeTrue();
                    expected.Write(file.Bytes, offset, length);
                    break;
                case 1:
                    length = Math.Min(length, 100_000);
                    offset = random.Next(pinned.Length - length);
                    SendPinned(writer, pinned, offset, length);
                    expected.Write(pinned, offset, length);
                    break;
                default:
                    length = Math.Min(length, 40_000);
                    writer.Write(pinned.AsSpan(0, length));
                    expected.Write(pinned, 0, length);
                    break;
            }
            if (random.Next(3) == 0)
                (await writer.FlushAsync()).IsCompleted.Should().BeFalse();
        }
    }

    [Fact]
    public async Task A_body_that_counts_nothing_sends_nothing_and_swallows_nothing()
    {
        var file = new RandomFile(new Random(1), 1000);
        await using var fixture = new TransportFixture();
        var (connection, client) = await fixture.ConnectAsync(unix: true);

        await fixture.OnLoop(async () =>
        {
            connection.Output.SendFile(new DeafWriter(null), file.Shared, 0, 1000).Should().BeFalse();
            var broken = () => connection.Output.SendFile(new DeafWriter(new InvalidOperationException("aborted")), file.Shared, 0, 1000);
            broken.Should().Throw<InvalidOperationException>();
            await connection.Output.WriteAsync("next"u8.ToArray());
        });

        client.ReceiveExactly(4).Should().Equal("next"u8.ToArray());
        client.Dispose();
        await connection.DisposeAsync();
        file.Dispose();
        file.Shared.TryHold().Should().BeFalse("no segment holds the file");
    }

    private static unsafe void SendPinned(ConnectionOutput writer, byte[] pinned, int offset, int length)
    {
        fixed (byte* start = pinned)
            writer.SendPinned(writer, start + offset, length, pinned).Should().BeTrue();
    }

    private static async Task Echo(ClientConnection connection, Random random, bool leaves)
    {
        var input = connection.Transport.Input;
        var writer = connection.Transport.Output;
        while (true)
        {
            var result = await input.ReadAsync();
            if (leaves && random.Next(20) == 0)
                await Task.Yield();
            // Sometimes less is taken than is there, sometimes nothing until more has come.
            var buffer = result.Buffer;
            if (!result.IsCompleted && random.Next(4) == 0 && buffer.Length < 50_000)
            {
                input.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }
            var part = result.IsCompleted ? buffer : buffer.Slice(0, random.NextInt64(buffer.Length + 1));
            foreach (var memory in part)
                writer.Write(memory.Span);
            input.AdvanceTo(part.End, part.End);
            if (random.Next(3) != 0 || result.IsCompleted)
                await writer.FlushAsync();
            if (result.IsCompleted)
                break;
        }
        await input.CompleteAsync();
        await writer.CompleteAsync();
        await connection.DisposeAsync();
    }

    private static void SendInPieces(Socket socket, byte[] bytes, Random random)
    {
        for (int sent = 0; sent < bytes.Length;)
        {
            int part = Math.Min(bytes.Length - sent, random.Next(8) == 0 ? random.Next(1, 200_000) : random.Next(1, 5000));
            sent += socket.Send(bytes.AsSpan(sent, part));
            if (random.Next(50) == 0)
                Pause();
        }
        socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>A peer that is slow for a moment, which is what is tested: nothing is waited for.</summary>
    private static void Pause() => Thread.Sleep(1);

    private static byte[] ReceiveInPieces(Socket socket, Random random)
    {
        var all = new MemoryStream();
        byte[] buffer = new byte[100_000];
        for (int got; (got = socket.Receive(buffer.AsSpan(0, random.Next(1, buffer.Length)))) > 0;)
        {
            all.Write(buffer, 0, got);
            if (random.Next(50) == 0)
                Pause();
        }
        return all.ToArray();
    }

    /// <summary>What Kestrel is for HEAD, and when it has given up.</summary>
    private sealed class DeafWriter(Exception? failure) : PipeWriter
    {
        public override void Advance(int bytes)
        {
            if (failure != null)
                throw failure;
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => new byte[16];

        public override Span<byte> GetSpan(int sizeHint = 0) => new byte[16];

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => default;

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
