using OneServe.Posix;

namespace OneServe.Application;

/// <content>The slots: what they say, and how they end.</content>
public sealed partial class Dispatcher
{
    /// <summary>A slot has (again) a process; <paramref name="link"/> is its new reply link.</summary>
    public void AddSlot(int generation, int line, SafeDescriptor link) => AddSlot(generation, line, link, own: null);

    private void AddSlot(int generation, int line, SafeDescriptor link, OwnQueue? own)
    {
        if (!_pools.TryGetValue(generation, out var pool) || _slotsByLine.ContainsKey(line) || (pool.Own is null) != (own is null))
        {
            link.Dispose();
            own?.Dispose();
            return;
        }
        var slot = new Slot(this, pool, line, link, _regions, own);
        _slotsByLine[line] = slot;
        _slots = [.. _slotsByLine.Values];
        pool.Live++;
        pool.RestsUntil = 0;
        Listen(slot);
        if (own is not null)
            Join(slot);
    }

    /// <summary>The slot's process has been reaped; <paramref name="id"/> is the packet that it took last.</summary>
    public void SlotDied(int line, ulong id)
    {
        if (!_slotsByLine.Remove(line, out var slot))
            return;
        _slots = [.. _slotsByLine.Values];
        slot.Pool.Live--;
        slot.Pool.Dying++;
        slot.IsDead = true;
        slot.TakenLast = id;
        if (slot.Own is not null)
            TakeBack(slot);
        // What it managed to say counts: its last replies are in the ring and in the link.
        Drain(slot);
        Bury(slot);
    }

    /// <summary>Takes leave of a dead slot as soon as its link has been read to the end, which a slow client may put off.</summary>
    private void Bury(Slot slot)
    {
        if (!_links.TryReadToEnd(slot))
        {
            if (slot.Link.Paused)
            {
                StopListening(slot);
                return;
            }
            Distrust(slot);
        }
        CloseLink(slot);
        var pool = slot.Pool;
        pool.Dying--;
        if (slot.Own is not null)
            LoseAll(slot);
        else if (_sent.TryGetValue(slot.TakenLast, out var request) && request.Pool == pool)
            Lost(request);
        if (slot.IsDistrusted && slot.Own is null)
            LoseUnanswered(slot);
        Settle(pool);
    }

    /// <summary>
    /// What a slot took before its last request and did not answer, or answered by what nobody could read: packets are taken in the order of
    /// their ids, so an older one that no other slot is at work on was this slot's.
    /// </summary>
    private void LoseUnanswered(Slot dead)
    {
        var inWork = _slots.Select(slot => _board[slot.Line, SlotWord.Taken]).ToHashSet();
        foreach (var slot in _slots)
        {
            Drain(slot);
            while (slot.IsListening && ReadLink(slot))
            {
            }
        }
        foreach (var request in _sent.Values.Where(r => r.Pool == dead.Pool && r.Id < dead.TakenLast && !inWork.Contains(r.Id)).ToArray())
        {
            if (request.State == RequestState.Sent && (request.Slot is null || request.Slot == dead))
                Lost(request);
        }
    }

    private void Drain(Slot slot)
    {
        if (slot.IsDistrusted)
            return;
        bool any = false;
        bool garbage = false;
        while (!garbage && slot.Ring.TryTake(out var entry, out garbage))
        {
            any = true;
            // Half of an answer came through the link: a worker that is right never does that.
            garbage = Find(entry.Id, slot) is { Answering: true };
            if (!garbage && Take(entry.Id, slot) is { } request && !request.OnReply(entry.Head.Span, entry.Body))
            {
                request.OnFailed(ApplicationFailure.WorkerDied);
                garbage = true;
            }
        }
        if (any)
            slot.Ring.Release();
        if (garbage)
            Distrust(slot);
    }

    /// <summary>Receives once from the slot's link. False: nothing came.</summary>
    internal bool ReadLink(Slot slot)
    {
        var state = _links.Read(slot);
        if (state == LinkState.Garbage)
            Distrust(slot);
        else if (state == LinkState.Ended)
            CloseLink(slot); // Says nothing about requests: a forked child may hold the other end. The master's "dead" does.
        else if (slot.Link.Paused)
            StopListening(slot);
        return state == LinkState.Open;
    }

    private void Listen(Slot slot)
    {
        _loop.Watch(slot.Link.Socket.Number, EpollEvents.In, slot);
        slot.IsListening = true;
    }

    /// <summary>Not only without events: the end of a worker would be reported in every turn, asked for or not (EPOLLHUP).</summary>
    private void StopListening(Slot slot)
    {
        if (!slot.IsListening)
            return;
        slot.IsListening = false;
        _loop.Unwatch(slot.Link.Socket.Number);
    }

    private void Resume(Slot slot)
    {
        if (slot.Link.Socket.IsClosed)
            return;
        slot.Link.Paused = false;
        if (!_links.Replay(slot))
            Distrust(slot);
        if (slot.IsDead)
            Bury(slot);
        else if (!slot.Link.Paused && !slot.IsListening && !slot.Link.Socket.IsClosed)
            Listen(slot);
    }

    /// <summary>The slots of a process share one counter: the log tells what the process has done.</summary>
    private WorkerCounter CounterOf(Slot slot)
    {
        ulong pid = _board[slot.Line, SlotWord.Pid];
        if (slot.Counter?.Pid != pid)
            slot.Counter = Array.Find(_slots, other => other.Counter?.Pid == pid)?.Counter ?? new WorkerCounter(pid);
        return slot.Counter;
    }

    private void Distrust(Slot slot)
    {
        CloseLink(slot);
        if (slot.IsDistrusted)
            return;
        slot.IsDistrusted = true;
        if (!slot.IsDead)
            _observer.WorkerSentGarbage(slot.Line, PidOf(slot));
    }

    /// <summary>As after garbage in a ring or link of this process; it may have gone meanwhile.</summary>
    internal void Distrust(int pid)
    {
        foreach (var slot in _slots)
        {
            if (PidOf(slot) == pid)
                Distrust(slot);
        }
    }

    private int PidOf(Slot slot) => (int)_board[slot.Line, SlotWord.Pid];

    private void CloseLink(Slot slot)
    {
        if (slot.Link.Socket.IsClosed)
            return;
        StopListening(slot);
        slot.Link.Close();
    }
}
