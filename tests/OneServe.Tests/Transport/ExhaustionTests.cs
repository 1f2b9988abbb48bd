using System.Net.Sockets;
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
    private const int Waiting = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [LibraryImport("libc")]
    private static unsafe partial int getrlimit(int resource, ulong* limits);

    [LibraryImport("libc")]
    private static unsafe partial int setrlimit(int resource, ulong* limits);

    [Fact]
    public async Task Accepting_pauses_turns_away_and_recovers()
    {
        await using var server = await TestServer.StartAsync();
        server.Connect().Get("/hello").Status.Should().Be(200); // loads what is loaded at first use: under the limit nothing can be opened
        var listener = Sockets.Listen(out int port);
        var waiting = Enumerable.Range(0, Waiting).Select(_ => server.Connect(port)).ToArray(); // in the backlog
        int failures = 0;
        int errno = 0;
        server.Transport.AcceptFailed = e =>
        {
            errno = e;
            failures++;
        };

        ulong before = Limit(FirstFree());
        try
        {
            server.Transport.AddListener(2, listener, unix: false);
            // Not all of them, perhaps: what tests before this one have left is closed at any time, and makes room for a client.
            SpinWait.SpinUntil(() => waiting.Count(static client => client.Socket.Poll(0, SelectMode.SelectRead)) > Waiting / 2, Patience)
                .Should().BeTrue("the clients are turned away");
        }
        finally
        {
            Limit(before);
        }
        await server.LoopTurn();

        byte[] buffer = new byte[1];
        waiting.Where(static client => client.Socket.Poll(0, SelectMode.SelectRead)).Should().OnlyContain(client => client.Socket.Receive(buffer) == 0);
        errno.Should().Be(Errno.EMFILE);
        failures.Should().BeInRange(2, Waiting, "accepting rests between two attempts");
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
        if (setrlimit(OpenFiles, limits) != 0)
            throw new InvalidOperationException("setrlimit failed");
        return before;
    }
}
