using System.Buffers;
using System.Net.Sockets;
using OneServe.Posix;
using OneServe.Transport;

namespace OneServe.Tests.Transport;

/// <summary>Ends, aborts, cancellations and back-pressure of one connection.</summary>
public sealed class ConnectionTests
{
    private const int RequestLength = 24;
    private const int MemoryLength = 30;
    private const int FileLength = 40;

    public static TheoryData<bool, bool> Ways => new() { { true, false }, { false, false }, { false, true } };

    [Theory, MemberData(nameof(Ways))]
    public async Task A_client_may_leave_at_any_byte(bool unix, bool reset)
    {
        var file = new RandomFile(new Random(1), FileLength);
        await using (var fixture = new TransportFixture())
        {
            for (int at = 0; at <= RequestLength + MemoryLength + FileLength; at++)
            {
                var (connection, client) = await fixture.ConnectAsync(unix);
                var exchange = Task.Run(() => Serve(connection, file.Shared));
                client.Send(new byte[Math.Min(at, RequestLength)]);
                if (at > RequestLength)
                    client.ReceiveExactly(at - RequestLength).Should().HaveCount(at - RequestLength);
                if (reset)
                    client.Reset();
                else
                    client.Dispose();
                await exchange.WaitAsync(TimeSpan.FromSeconds(10));
                await Poll.Until(() => fixture.Transport.OpenConnections == 0, $"the connection left at byte {at} is closed");
            }
        }
        file.Dispose();
        file.Shared.TryHold().Should().BeFalse("every response has let go of the file");
    }

    [Fact]
    public async Task A_flush_waits_while_the_client_does_not_read()
    {
        await using var fixture = new TransportFixture();
        var (connection, client) = await fixture.ConnectAsync(unix: true);
        Task? stuck = null;
        long written = 0;
        await fixture.OnLoop(() =>
        {
            for (; stuck == null && written < 100 << 20; written += 10_000)
            {
                var flush = connection.Output.WriteAsync(new byte[10_000]);
                if (!flush.IsCompleted)
                    stuck = flush.AsTask();
            }
            return Task.CompletedTask;
        });
        stuck.Should().NotBeNull("no client's slowness may fill the memory");
        written.Should().BeLessThan(2 << 20);

        client.ReceiveExactly((int)written + 10_000 - 16_000);
        await stuck!.WaitAsync(TimeSpan.FromSeconds(10));
        client.Dispose();
        await connection.DisposeAsync();
    }

    [Fact]
    public async Task Pending_reads_and_flushes_can_be_cancelled()
    {
        await using var fixture = new TransportFixture();
        var (connection, client) = await fixture.ConnectAsync(unix: true);
        var input = connection.Transport.Input;

        var read = input.ReadAsync().AsTask();
        input.CancelPendingRead();
        (await read.WaitAsync(TimeSpan.FromSeconds(10))).IsCanceled.Should().BeTrue();

        using var source = new CancellationTokenSource();
        read = input.ReadAsync(source.Token).AsTask();
        source.Cancel();
        await FluentActions.Awaiting(() => read.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<OperationCanceledException>();

        var flush = connection.Output.WriteAsync(new byte[2 << 20]).AsTask();
        connection.Output.CancelPendingFlush();
        (await flush.WaitAsync(TimeSpan.FromSeconds(10))).IsCanceled.Should().BeTrue();

        using var second = new CancellationTokenSource();
        flush = connection.Output.WriteAsync(new byte[100], second.Token).AsTask();
        second.Cancel();
        await FluentActions.Awaiting(() => flush.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<OperationCanceledException>();

        client.Send("still alive"u8);
        var result = await input.ReadAsync();
        result.Buffer.ToArray().Should().Equal("still alive"u8.ToArray());
        client.Dispose();
        await connection.DisposeAsync();
    }

    [Fact]
    public async Task Abort_ends_what_waits_and_fires_the_token()
    {
        await using var fixture = new TransportFixture();
        var (connection, client) = await fixture.ConnectAsync(unix: false);
        var read = connection.Transport.Input.ReadAsync().AsTask();
        var flush = connection.Output.WriteAsync(new byte[20 << 20]).AsTask();

        connection.Abort();

        (await read.WaitAsync(TimeSpan.FromSeconds(10))).IsCompleted.Should().BeTrue();
        (await flush.WaitAsync(TimeSpan.FromSeconds(10))).IsCompleted.Should().BeTrue();
        await Poll.Until(() => connection.ConnectionClosed.IsCancellationRequested, "the token has fired");
        await connection.DisposeAsync();
        client.Dispose();
    }

    [Fact]
    public async Task A_client_that_takes_nothing_is_aborted_after_the_send_timeout()
    {
        await using var fixture = new TransportFixture(loop => new EpollTransport(loop) { SendTimeout = TimeSpan.FromMilliseconds(300) });
        var (connection, client) = await fixture.ConnectAsync(unix: false);
        await connection.Output.WriteAsync(new byte[20 << 20]).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        connection.IsBroken.Should().BeTrue();
        await connection.DisposeAsync();
        client.Dispose();
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task The_observer_learns_that_the_client_has_gone(bool unix, bool reset)
    {
        await using var fixture = new TransportFixture();
        var (connection, client) = await fixture.ConnectAsync(unix);
        client.Send("x"u8);
        var input = connection.Transport.Input;
        var result = await input.ReadAsync();
        input.AdvanceTo(result.Buffer.End);
        var observer = new Observer(connection);
        connection.RequestStarted();
        connection.Observer = observer;

        if (reset)
            client.Reset();
        else
            client.Shutdown(SocketShutdown.Send);

        await Poll.Until(() => observer.Calls > 0, "told");
        connection.IsHalfClosed.Should().BeTrue();
        observer.WasBroken.Should().Be(reset);
        var late = new Observer(connection);
        connection.Observer = late;
        await Poll.Until(() => late.Calls > 0, "who comes later is told too");
        client.Dispose();
        await connection.DisposeAsync();
    }

    [Fact]
    public async Task A_break_that_our_side_noticed_first_is_told_all_the_same()
    {
        await using var fixture = new TransportFixture();
        var (connection, client) = await fixture.ConnectAsync(unix: false);
        client.Send("request"u8);
        var input = connection.Transport.Input;
        var result = await input.ReadAsync();
        input.AdvanceTo(result.Buffer.End);
        var observer = new Observer(connection);
        connection.RequestStarted();
        connection.Observer = observer;
        client.Shutdown(SocketShutdown.Send);
        await Poll.Until(() => observer.Calls == 1, "the end of the client's half is told");

        await fixture.OnLoop(() =>
        {
            connection.Abort(); // as a failed send does
            return Task.CompletedTask;
        });

        await Poll.Until(() => observer.Calls == 2, "the break is told");
        observer.WasBroken.Should().BeTrue();
        client.Dispose();
        await connection.DisposeAsync();
    }

    [Fact]
    public async Task A_failing_handler_does_not_stop_the_loop()
    {
        await using var fixture = new TransportFixture();
        fixture.Loop.Post(static _ => throw new InvalidOperationException("posted"), null);
        await fixture.OnLoop(() => Task.CompletedTask);
        fixture.Failures.Should().ContainSingle().Which.Message.Should().Be("posted");
        fixture.Failures.Clear();
    }

    private static async Task Serve(ClientConnection connection, SharedFile file)
    {
        var input = connection.Transport.Input;
        int got = 0;
        while (got < RequestLength)
        {
            var result = await input.ReadAsync();
            got += (int)result.Buffer.Length;
            input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                break;
        }
        if (got == RequestLength)
        {
            connection.Output.Write(new byte[MemoryLength]);
            connection.Output.SendFile(connection.Output, file, 0, FileLength);
            await connection.Output.FlushAsync();
            // Keep-alive: the client is the one to end it.
            await input.ReadAsync();
        }
        await input.CompleteAsync();
        await connection.Output.CompleteAsync();
        await connection.DisposeAsync();
    }

    private sealed class Observer(ClientConnection connection) : IClientObserver
    {
        public volatile int Calls;

        public bool WasBroken { get; private set; }

        public void ClientGone()
        {
            EventLoop.Current.Should().BeSameAs(connection.Loop);
            WasBroken |= connection.IsBroken;
            Calls++;
        }
    }
}
