namespace OneServe.Application;

/// <summary>The slots of a pool whose workers have a queue each, and the choice among them.</summary>
internal sealed class OwnQueues(Scoreboard board)
{
    private readonly List<Slot> _slots = [];

    public IReadOnlyList<Slot> Slots => _slots;

    /// <summary>Requests that may be sent now, to all together.</summary>
    public int Room
    {
        get
        {
            int room = 0;
            foreach (var slot in _slots)
                room += slot.Own!.Room;
            return room;
        }
    }

    /// <summary>Requests that all of them together serve at a time.</summary>
    public int Capacity => _slots.Sum(static slot => slot.Own!.Capacity);

    public void Add(Slot slot) => _slots.Add(slot);

    public void Remove(Slot slot) => _slots.Remove(slot);

    /// <summary>Looks how far all of them are.</summary>
    public void Look(long now)
    {
        foreach (var slot in _slots)
            slot.Own!.Look(board[slot.Line, SlotWord.Taken], now);
    }

    /// <summary>A worker whose loop answers has room for a request.</summary>
    public bool CanTake(long now)
    {
        foreach (var slot in _slots)
        {
            if (slot.Own!.Room > 0 && !slot.Own.IsBehind(now))
                return true;
        }
        return false;
    }

    /// <summary>
    /// The worker with the fewest requests in flight among those whose loop has answered lately; where none has, among all. Null: there is no room,
    /// or only with a worker that is behind while another works: then it is better to wait for that one.
    /// </summary>
    /// <param name="now">The loop's time, ms.</param>
    /// <param name="room">How many requests it gets before it is another one's turn; at least 1.</param>
    public Slot? LeastBusy(long now, out int room)
    {
        Look(now);
        bool anyAnswers = AnyAnswers(now);
        Slot? least = null;
        int second = int.MaxValue;
        foreach (var slot in _slots)
        {
            var own = slot.Own!;
            if (own.Room == 0 || (anyAnswers && own.IsBehind(now)))
                continue;
            if (least is null || own.InFlight < least.Own!.InFlight)
            {
                second = least?.Own!.InFlight ?? second;
                least = slot;
            }
            else
            {
                second = Math.Min(second, own.InFlight);
            }
        }
        room = least is null ? 0 : Math.Min(least.Own!.Room, Math.Max(1, second - least.Own.InFlight));
        return least;
    }

    private bool AnyAnswers(long now)
    {
        foreach (var slot in _slots)
        {
            if (!slot.Own!.IsLeaving && !slot.Own.IsBehind(now))
                return true;
        }
        return false;
    }
}
