using OneServe.Application;
using OneServe.Posix;

namespace OneServe.Master.Processes;

/// <summary>The memory that gateway and workers share, made once: it outlives both.</summary>
internal sealed unsafe class SharedMemory : IDisposable
{
    private readonly SafeDescriptor _scoreboard = SealedMemory.Create("oneserve-scoreboard", Scoreboard.Size);
    private readonly SafeDescriptor _rings = SealedMemory.Create("oneserve-rings", SharedLayout.RingsSize);
    private readonly SafeDescriptor _bodies = SealedMemory.Create("oneserve-bodies", SharedLayout.BodiesSize);
    private readonly SafeDescriptor _wake = Descriptors.Event();

    private Scoreboard _board;

    public SharedMemory() => _board = new Scoreboard(SharedMapping.Map(_scoreboard.Number, Scoreboard.Size));

    public Scoreboard Board => _board;

    /// <summary>Descriptors of scoreboard, rings, bodies and wake: the order of docs/protocol.md.</summary>
    public int[] All => [_scoreboard.Number, _rings.Number, _bodies.Number, _wake.Number];

    /// <summary>Begins an epoch: packets of any other are void from here on.</summary>
    public void Publish(long epoch) => _board.Epoch = (ulong)epoch;

    /// <summary>
    /// Prepares a line for its next process. The ring's counters stay: what a dead worker has published is still to be taken over.
    /// The id of a cancelled request stays too; it is the gateway's to write, and ids do not return.
    /// </summary>
    public void Reset(int line)
    {
        foreach (var word in (ReadOnlySpan<SlotWord>)
            [SlotWord.Taken, SlotWord.Sent, SlotWord.Done, SlotWord.Started, SlotWord.Pid, SlotWord.Flags, SlotWord.Limit])
            _board[line, word] = 0;
    }

    public void Dispose()
    {
        _scoreboard.Dispose();
        _rings.Dispose();
        _bodies.Dispose();
        _wake.Dispose();
    }
}
