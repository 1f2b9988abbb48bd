using System.Net.Sockets;
using System.Text;

namespace OneServe.Tests.Transport;

/// <summary>Kestrel over the transport.</summary>
public sealed class HttpTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Pipelined_requests_of_all_kinds_are_answered_in_order(int loops)
    {
        await using var server = await TestServer.StartAsync(loops: loops);
        string[] paths = ["/hello", "/file", "/elsewhere", "HEAD /file", "/echo", "/hello"];
        var clients = Enumerable.Range(0, 8).Select(_ => server.Connect()).ToArray();
        // Threads of their own: the clients block, and the server needs the thread pool.
        await Task.WhenAll(clients.Select(client => Task.Factory.StartNew(() =>
        {
            var all = new StringBuilder();
            for (int round = 0; round < 3; round++)
            {
                foreach (string path in paths)
                    all.Append(path[0] == '/' ? $"{(path == "/echo" ? "POST" : "GET")} {path}" : path).Append(" HTTP/1.1\r\nHost: a\r\n")
                        .Append(path == "/echo" ? "Content-Length: 6\r\n\r\nechoed" : "\r\n");
            }
            client.Send(all.ToString());
            for (int round = 0; round < 3; round++)
            {
                foreach (string path in paths)
                {
                    var (status, head, body) = client.Read(headOnly: path[0] != '/');
                    status.Should().Be(200);
                    switch (path)
                    {
                        case "/file":
                            body.AsSpan().SequenceEqual(server.Application.File.Bytes).Should().BeTrue();
                            break;
                        case "HEAD /file":
                            head.Should().Contain($"Content-Length: {TestApplication.FileLength}");
                            break;
                        default:
                            Encoding.ASCII.GetString(body).Should().Be(path == "/echo" ? "echoed" : "hello");
                            break;
                    }
                }
            }
            client.Dispose();
        }, TaskCreationOptions.LongRunning)));
    }

    [Fact]
    public async Task Connection_close_and_half_closed_clients_get_the_whole_answer()
    {
        await using var server = await TestServer.StartAsync();
        foreach (bool halfCloses in new[] { false, true })
        {
            using var client = server.Connect();
            client.Send($"GET /file HTTP/1.1\r\nHost: a\r\n{(halfCloses ? "" : "Connection: close\r\n")}\r\n");
            if (halfCloses)
                client.Socket.Shutdown(SocketShutdown.Send);
            byte[] answer = client.Socket.ReceiveToEnd();
            answer.AsSpan(answer.Length - TestApplication.FileLength).SequenceEqual(server.Application.File.Bytes).Should().BeTrue();
        }
        await Poll.Until(() => server.Transport.OpenConnections == 0, "closed");
    }

    [Fact]
    public async Task A_file_that_shrinks_cuts_its_connection_and_no_other()
    {
        await using var server = await TestServer.StartAsync();
        using var other = server.Connect();
        using var client = server.Connect(receiveBuffer: 8192);
        // Filled socket buffers first: several pipelined answers, of which none is read.
        client.Send(string.Concat(Enumerable.Repeat("GET /file HTTP/1.1\r\nHost: a\r\n\r\n", 10)));
        client.Socket.ReceiveExactly(100);
        server.Application.File.Truncate(1000);
        var read = client.Socket.ReceiveToEnd;
        try
        {
            read().Length.Should().BeLessThan(10 * TestApplication.FileLength);
        }
        catch (SocketException e)
        {
            e.SocketErrorCode.Should().Be(SocketError.ConnectionReset);
        }
        other.Get("/hello").Status.Should().Be(200);
    }

    [Fact]
    public async Task Clients_that_leave_are_noticed_and_cost_nothing()
    {
        await using var server = await TestServer.StartAsync();
        for (int i = 0; i < 20; i++)
        {
            var client = server.Connect(receiveBuffer: 8192);
            client.Send($"GET {(i < 10 ? "/wait" : "/file")} HTTP/1.1\r\nHost: a\r\n\r\n");
            if (i >= 10)
                client.Socket.ReceiveExactly(200);
            if (i % 2 == 0)
                client.Socket.Reset();
            client.Dispose();
        }
        await Poll.Until(() => server.Application.Gone == 10, "ten waiting requests were told");
        await Poll.Until(() => server.Transport.OpenConnections == 0, "closed");
    }

    [Fact]
    public async Task An_answer_survives_a_body_that_nobody_reads()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Connect();
        client.Send("POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
        // More than all socket buffers hold: with a plain close the reset would overtake the answer.
        for (int i = 0; i < 60; i++)
            client.Socket.Send(new byte[100_000]);
        var (status, _, body) = client.Read();
        status.Should().Be(413);
        Encoding.ASCII.GetString(body).Should().Be("too large");
    }

    [Fact]
    public async Task Listening_sockets_come_and_go_while_connections_stay()
    {
        await using var server = await TestServer.StartAsync();
        int second = server.Listen(2);
        using var client = server.Connect(second);
        client.Get("/hello").Status.Should().Be(200);

        server.Transport.RemoveListener(2);
        await Poll.Until(() => Refuses(second), "the second port is closed");
        client.Get("/hello").Status.Should().Be(200);
        using var first = server.Connect();
        first.Get("/hello").Status.Should().Be(200);

        server.Transport.StopAccepting();
        await Poll.Until(() => Refuses(server.Port), "the first port is closed");
        client.Get("/hello").Status.Should().Be(200);
        first.Get("/file").Body.Length.Should().Be(TestApplication.FileLength);
        server.Transport.OpenConnections.Should().Be(2);

        bool Refuses(int port)
        {
            try
            {
                server.Connect(port).Dispose();
                return false;
            }
            catch (SocketException)
            {
                return true;
            }
        }
    }
}
