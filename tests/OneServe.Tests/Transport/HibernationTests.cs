using System.Net.Sockets;
using System.Text;
using OneServe.Transport;
using Xunit.Abstractions;

namespace OneServe.Tests.Transport;

/// <summary>Idle connections give up their memory, and nothing else.</summary>
public sealed class HibernationTests(ITestOutputHelper output)
{
    [Fact]
    public async Task An_idle_connection_hibernates_and_answers_again()
    {
        await using var server = await TestServer.StartAsync(AtOnce);
        using var silent = server.Connect();
        using var client = server.Connect();
        for (int i = 0; i < 3; i++)
        {
            client.Get("/hello").Status.Should().Be(200);
            await Hibernating(server, 2);
        }
        silent.Get("/hello").Status.Should().Be(200);
        client.Dispose();
        await Poll.Until(() => server.Transport.OpenConnections == 1, "a client that leaves while hibernating is closed");
    }

    [Fact]
    public async Task A_request_that_pauses_is_not_taken_for_idle()
    {
        (string First, string Second)[] requests =
        [
            ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", "hello"),
            ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe", "llo"),
            ("GET /hello HTTP/1.1\r\nHost: a\r\n", "\r\n"),
            ("GET /hello HTTP/1.1\r\n", "Host: a\r\n\r\n"),
            ("G", "ET /hello HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("\r\n", "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"),
        ];
        await using var server = await TestServer.StartAsync(AtOnce);
        using var canary = server.Connect();
        var clients = requests.SelectMany(r => new[] { r, r }).Select((r, i) => (Socket: server.Connect(), r.First, r.Second, IsUsed: i % 2 == 0)).ToArray();
        foreach (var client in clients)
        {
            if (client.IsUsed)
                client.Socket.Get("/hello").Status.Should().Be(200);
            client.Socket.Send(client.First);
        }
        // Twice the canary goes to sleep: as often the others could have.
        for (int i = 0; i < 2; i++)
        {
            canary.Get("/hello").Status.Should().Be(200);
            await Hibernating(server, 1);
        }
        foreach (var client in clients)
        {
            client.Socket.Send(client.Second);
            Encoding.ASCII.GetString(client.Socket.Read().Body).Should().Be("hello", "{0} | {1}", client.First, client.Second);
            client.Socket.Dispose();
        }
    }

    [Fact]
    public async Task A_request_in_work_is_not_idle()
    {
        await using var server = await TestServer.StartAsync(AtOnce);
        using var canary = server.Connect();
        using var client = server.Connect();
        client.Send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
        await Hibernating(server, 1);
        canary.Get("/hello").Status.Should().Be(200);
        await Hibernating(server, 1);
        server.Transport.OpenConnections.Should().Be(2);
        client.Dispose();
        await Poll.Until(() => server.Application.Gone == 1, "the request was still there");
    }

    [Fact]
    public async Task A_connection_is_new_also_on_a_loop_that_has_slept()
    {
        var keepAlive = TimeSpan.FromSeconds(4);
        await using var server = await TestServer.StartAsync(loops => new EpollTransport(loops) { KeepAliveTimeout = keepAlive }, loops: 2);
        var sleeping = server.Loops[1];
        await Poll.Until(() => Environment.TickCount64 - sleeping.Now > keepAlive.TotalMilliseconds, "the loop has slept for longer than a connection may");

        // One for each loop.
        using var first = server.Connect();
        using var second = server.Connect();
        await Poll.Until(() => Environment.TickCount64 - sleeping.Now < keepAlive.TotalMilliseconds / 2, "the loop has its connection");

        first.Get("/hello").Status.Should().Be(200);
        second.Get("/hello").Status.Should().Be(200);
        server.Transport.OpenConnections.Should().Be(2);
    }

    [Fact]
    public async Task Hibernating_connections_end_after_the_keep_alive_timeout()
    {
        await using var server = await TestServer.StartAsync(
            loops => new EpollTransport(loops) { HibernateAfter = TimeSpan.Zero, KeepAliveTimeout = TimeSpan.FromSeconds(2) });
        using var client = server.Connect();
        client.Get("/hello").Status.Should().Be(200);
        client.Socket.Receive(new byte[1]).Should().Be(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Sleeping_and_waking_race_without_loss(int loops)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        await using var server = await TestServer.StartAsync(AtOnce, loops);
        // Threads of their own: the clients block, and Kestrel starts each woken connection on the thread pool.
        var clients = Enumerable.Range(0, 24).Select(i => Task.Factory.StartNew(() =>
        {
            var random = new Random(seed + i);
            using var client = server.Connect();
            for (int round = 0; round < 12; round++)
            {
                Pause(client, random.Next(700));
                const string request = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";
                int at = random.Next(request.Length);
                client.Send(request[..at]);
                Pause(client, random.Next(2) * random.Next(300));
                client.Send(request[at..] + request);
                client.Read().Status.Should().Be(200);
                client.Read().Status.Should().Be(200);
            }
        }, TaskCreationOptions.LongRunning));
        await Task.WhenAll(clients);
    }

    /// <summary>Says nothing for so long, ms, and hears nothing.</summary>
    private static void Pause(HttpClientSocket client, int milliseconds)
        => client.Socket.Poll(TimeSpan.FromMilliseconds(milliseconds), SelectMode.SelectRead).Should().BeFalse("nothing has been asked, and nobody hangs up");

    private static EpollTransport AtOnce(EventLoop[] loops) => new(loops) { HibernateAfter = TimeSpan.Zero };

    private static Task Hibernating(TestServer server, int count)
        => Poll.Until(() => server.Transport.HibernatingConnections == count, $"{count} connections hibernate");
}
