using System.Net;
using System.Net.Sockets;
using OneServe.Transport;

namespace OneServe.Tests.Transport;

/// <summary>How fast a client must be, and how many of it there may be.</summary>
public sealed class TransferPaceTests
{
    [Theory]
    [InlineData(0, 20, true)]      // nothing for longer than the silence
    [InlineData(1000, 400, false)] // as fast as asked for
    [InlineData(999, 61, true)]    // a little slower: after a window
    [InlineData(999, 59, false)]   // not before
    [InlineData(10_000, 4000, false)]
    public void A_client_is_too_slow(int rate, int seconds, bool expected)
    {
        var pace = default(TransferPace);
        bool isTooSlow = false;
        for (int second = 1; second <= seconds + 1 && !isTooSlow; second++)
            isTooSlow = pace.IsTooSlow(second * 1000, (long)second * rate, silence: 10_000, rate: 1000);
        isTooSlow.Should().Be(expected);
    }

    [Fact]
    public void Lumps_are_not_taken_for_a_stop()
    {
        var pace = default(TransferPace);
        for (int second = 1; second < 600; second++)
            pace.IsTooSlow(second * 1000, second / 37 * 370_000, silence: 60_000, rate: 1000).Should().BeFalse("at second {0}", second);
    }

    [Fact]
    public async Task Connections_beyond_a_limit_are_told_and_closed()
    {
        var turnedAway = new List<bool>();
        await using var server = await TestServer.StartAsync(loops => new EpollTransport(loops)
        {
            MaxConnections = 3,
            MaxConnectionsPerAddress = 2,
            BusyAnswer = static () => "busy"u8.ToArray(),
            TurnedAway = (_, isAddressFull) => turnedAway.Add(isAddressFull),
        });
        using (var first = server.Connect())
        using (var second = server.Connect())
        {
            first.Get("/hello").Status.Should().Be(200);
            second.Get("/hello").Status.Should().Be(200);
            using var third = new Socket(SocketType.Stream, ProtocolType.Tcp);
            third.Connect(IPAddress.Loopback, server.Port);
            third.Send("GET / HTTP/1.1\r\n"u8);
            Sockets.ReceiveExactly(third, 4).Should().Equal("busy"u8.ToArray());
            third.Receive(new byte[1]).Should().Be(0, "an end, no reset");
        }
        await Poll.Until(() => server.Transport.OpenConnections == 0, "all are closed");
        using var later = server.Connect();
        later.Get("/hello").Status.Should().Be(200);
        turnedAway.Should().Equal(true);
    }

    [Fact]
    public async Task Who_was_turned_away_takes_no_place()
    {
        await using var server = await TestServer.StartAsync(loops => new EpollTransport(loops)
        {
            MaxConnections = 2,
            MaxConnectionsPerAddress = 2,
            BusyAnswer = static () => "busy"u8.ToArray(),
        });
        var first = server.Connect();
        using var second = server.Connect();
        first.Get("/hello").Status.Should().Be(200);
        second.Get("/hello").Status.Should().Be(200);
        // They stay for as long as the server lets them: it waits for their end before it closes.
        var refused = Enumerable.Range(0, 5).Select(_ => new Socket(SocketType.Stream, ProtocolType.Tcp)).ToList();
        foreach (var socket in refused)
        {
            socket.Connect(IPAddress.Loopback, server.Port);
            Sockets.ReceiveExactly(socket, 4).Should().Equal("busy"u8.ToArray());
        }
        server.Transport.OpenConnections.Should().Be(7);

        first.Dispose();
        await Poll.Until(() => server.Transport.OpenConnections <= 6, "the first one is closed");

        using var later = server.Connect();
        later.Get("/hello").Status.Should().Be(200);
        refused.ForEach(socket => socket.Dispose());
    }
}
