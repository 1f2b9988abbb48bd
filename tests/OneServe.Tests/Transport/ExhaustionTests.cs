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
        server.Connect().Get("/hello").Status.Should().Be(200); // loads what is loaded at first use: under the limit nothing can be opened
        var listener = Sockets.Listen(out int port);
        var waiting = Enumerable.Range(0, 3).Select(_ => server.Connect(port)).ToArray(); // in the backlog
        int[] received = new int[waiting.Length];
        byte[] buffer = new byte[1];
        int failures = 0;
        int errno = 0;
        server.Transport.AcceptFailed = e =>
        {
            errno = e;
            failures++;
        };

        ulong before = Limit(FirstFree());
        server.Transport.AddListener(2, listener, unix: false);
        for (int i = 0; i < waiting.Length; i++)
            received[i] = waiting[i].Socket.Receive(buffer);
        Limit(before);
        await server.LoopTurn();

        received.Should().AllBeEquivalentTo(0, "the clients are turned away");
        errno.Should().Be(Errno.EMFILE);
        failures.Should().Be(2, "accepting rests between two attempts");
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
