using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using OneServe.Gateway.Uwsgi;

namespace OneServe.Tests.Gateway;

public sealed class PacketBodyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task The_body_ends_after_its_length_whatever_follows(int piece)
    {
        var pipe = new Pipe();
        var body = new PacketBody(pipe.Reader, 5);
        byte[] sent = "12345 and more"u8.ToArray();
        var writing = Task.Run(async () =>
        {
            for (int at = 0; at < sent.Length; at += piece)
                await pipe.Writer.WriteAsync(sent.AsMemory(at, Math.Min(piece, sent.Length - at)));
        });

        List<byte> received = [];
        ReadResult read;
        do
        {
            read = await body.ReadAsync();
            foreach (var segment in read.Buffer)
                received.AddRange(segment.ToArray());
            body.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);

        received.Should().Equal("12345"u8.ToArray());
        await writing;
    }

    [Fact]
    public async Task What_is_looked_at_and_not_taken_comes_again()
    {
        var pipe = new Pipe();
        var body = new PacketBody(pipe.Reader, 4);
        await pipe.Writer.WriteAsync("12"u8.ToArray());
        var read = await body.ReadAsync();
        body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        await pipe.Writer.WriteAsync("345"u8.ToArray());

        read = await body.ReadAsync();

        (read.Buffer.Length, read.IsCompleted).Should().Be((4, true));
    }

    [Fact]
    public async Task An_end_before_the_length_is_the_peers_mistake()
    {
        var pipe = new Pipe();
        var body = new PacketBody(pipe.Reader, 5);
        await pipe.Writer.WriteAsync("1234"u8.ToArray());
        await pipe.Writer.CompleteAsync();

        var reading = async () => await body.ReadAsync();

        (await reading.Should().ThrowAsync<BadHttpRequestException>()).Which.StatusCode.Should().Be(400);
    }

    [Fact]
    public async Task A_wait_can_be_given_up()
    {
        var pipe = new Pipe();
        var body = new PacketBody(pipe.Reader, 5);
        var reading = body.ReadAsync();
        body.CancelPendingRead();
        (await reading).IsCanceled.Should().BeTrue();
    }
}
