using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using OneServe.Gateway.Http;
using OneServe.Posix;

namespace OneServe.Tests.Gateway;

public sealed class RequestBodyTests
{
    private readonly BodyMemory _memory = new(100_000);

    [Theory]
    [InlineData(0, false)]
    [InlineData(16_384, false)]
    [InlineData(65_536, false)]
    [InlineData(65_537, true)]
    [InlineData(1_000_000, true)]
    public async Task A_body_is_kept_in_memory_or_in_a_file_by_its_size(int size, bool inFile)
    {
        byte[] content = Random(size);
        var body = new RequestBody(_memory, new BodyClock(() => 0));

        await body.ReadAsync(await WrittenAsync(content));

        body.Length.Should().Be(size);
        (body.File is not null).Should().Be(inFile);
        Content(body).Should().Equal(content);
        body.Release();
        _memory.Taken.Should().Be(0);
    }

    [Fact]
    public async Task Bodies_beyond_the_common_limit_go_to_files()
    {
        var bodies = new RequestBody[4];
        byte[] content = Random(40_000);
        for (int i = 0; i < bodies.Length; i++)
        {
            bodies[i] = new RequestBody(_memory, new BodyClock(() => 0));
            await bodies[i].ReadAsync(await WrittenAsync(content));
            Content(bodies[i]).Should().Equal(content);
        }
        bodies.Select(b => b.File is not null).Should().Equal(false, false, true, true);
        _memory.Taken.Should().Be(80_000);

        bodies[0].Release();
        await bodies[0].ReadAsync(await WrittenAsync(content));
        bodies[0].File.Should().BeNull();
        Array.ForEach(bodies, b => b.Release());
        _memory.Taken.Should().Be(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task The_reader_can_be_read_from_again_after_the_release(int size)
    {
        var reader = await WrittenAsync(Random(size));
        var body = new RequestBody(_memory, new BodyClock(() => 0));
        await body.ReadAsync(reader);
        body.Release();

        reader.TryRead(out var rest).Should().BeTrue("an unanswered read would make this fail");
        (rest.IsCompleted, rest.Buffer.Length).Should().Be((true, 0));
    }

    [Fact]
    public async Task What_was_begun_is_given_back_when_the_client_breaks_off()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        await pipe.Writer.WriteAsync(Random(30_000));
        var body = new RequestBody(_memory, new BodyClock(() => 0));
        var reading = body.ReadAsync(pipe.Reader);
        _memory.Taken.Should().Be(30_000);
        await pipe.Writer.CompleteAsync(new IOException("gone"));

        await FluentActions.Awaiting(() => reading).Should().ThrowAsync<IOException>();
        body.Release();

        _memory.Taken.Should().Be(0);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(200_000)]
    public async Task A_body_beyond_its_limit_is_refused(int limit)
    {
        var body = new RequestBody(_memory, new BodyClock(() => 0));
        await body.ReadAsync(await WrittenAsync(Random(limit)), limit);
        body.Length.Should().Be(limit);
        body.Release();

        var reader = await WrittenAsync(Random(limit + 1));
        (await FluentActions.Awaiting(() => body.ReadAsync(reader, limit)).Should().ThrowAsync<BadHttpRequestException>())
            .Which.StatusCode.Should().Be(413);
        body.Release();
        _memory.Taken.Should().Be(0);
    }

    private static async Task<PipeReader> WrittenAsync(byte[] content)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        await pipe.Writer.WriteAsync(content);
        await pipe.Writer.CompleteAsync();
        return pipe.Reader;
    }

    private static byte[] Content(RequestBody body) => body.File is { } file ? PositionedReads.ReadAll(file.Number) : body.Memory.ToArray();

    private static byte[] Random(int size)
    {
        byte[] bytes = new byte[size];
        System.Random.Shared.NextBytes(bytes);
        return bytes;
    }
}
