using System.Runtime.InteropServices;
using OneServe.Posix;

namespace OneServe.Tests.Transport;

/// <summary>Not in parallel: the limit holds for the process.</summary>
[CollectionDefinition(nameof(ExhaustionTests), DisableParallelization = true)]
public sealed class ExhaustionCollection;

/// <summary>Out of descriptors.</summary>
[Collection(nameof(ExhaustionTests))]
public sealed partial class ExhaustionTests
{
    private const int OpenFiles = 7; // RLIMIT_NOFILE

    [LibraryImport("libc")]
    private static unsafe partial int getrlimit(int resource, ulong* limits);

    [LibraryImport("libc")]
    private static unsafe partial int setrlimit(int resource, ulong* limits);

    [Fact]
    public async Task Accepting_pauses_turns_away_and_recovers()
    {
        await using var server = await TestServer.StartAsync();
        var listener = Sockets.Listen(out int port);
        var waiting = Enumerable.Range(0, 3).Select(_ => server.Connect(port)).ToArray(); // in the backlog
        int failures = 0;
        server.Transport.AcceptFailed = errno =>
        {
            errno.Should().Be(Errno.EMFILE);
            failures++;
        };

        ulong before = Limit(FirstFree());
        try
        {
            server.Transport.AddListener(2, listener, unix: false);
            foreach (var client in waiting)
                client.Socket.Receive(new byte[1]).Should().Be(0, "the client is turned away");
            await server.LoopTurn();
            failures.Should().Be(2, "accepting rests between two attempts");
        }
        finally
        {
            Limit(before);
        }

        using var late = server.Connect(port);
        late.Get("/hello").Status.Should().Be(200);
    }

    private static ulong FirstFree()
    {
        using var probe = Descriptors.Event();
        return (ulong)probe.Number;
    }

    /// <summary>Sets the soft limit and returns what it was.</summary>
    private static unsafe ulong Limit(ulong value)
    {
        ulong* limits = stackalloc ulong[2];
        getrlimit(OpenFiles, limits);
        ulong before = limits[0];
        limits[0] = value;
        setrlimit(OpenFiles, limits).Should().Be(0);
        return before;
    }
}
