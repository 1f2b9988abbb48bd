using System.Diagnostics;
using OneServe.Posix;

namespace OneServe.Application;

/// <content>
/// Workers with a queue each. Such a worker serves many requests at a time on one event loop, by one slot: it takes whatever comes and knows its requests by
/// their ids. Whom a request goes to is decided here, and so is when one that was sent to a busy loop goes elsewhere.
/// </content>
public sealed partial class Dispatcher
{
    /// <summary>Bytes of an answer that may still come after the worker has been told to hold it back.</summary>
    private const long MaximumOverrun = 8 << 20;

    /// <summary>Between two looks at what runs for too long, ms.</summary>
    private const int OverdueInterval = 1000;

    /// <summary>A worker has a process (again) that serves many requests at a time; no other worker reads its queue.</summary>
    /// <param name="generation">Its generation, which has no queue for all.</param>
    /// <param name="line">Its slot.</param>
    /// <param name="requests">How many requests at a time.</param>
    /// <param name="link">Our end of its reply link.</param>
    /// <param name="queue">Our end of its queue.</param>
    /// <param name="workersEnd">Its own end of the queue: what it does not take is taken back.</param>
    public void AddWorker(int generation, int line, int requests, SafeDescriptor link, SafeDescriptor queue, SafeDescriptor workersEnd)
        => AddSlot(generation, line, link, new OwnQueue(queue, workersEnd, requests));

    /// <summary>The worker of this slot gets no further request; it finishes what it has and then reads the end of its queue.</summary>
    public void Leave(int line)
    {
        if (_slotsByLine.TryGetValue(line, out var slot) && slot.Own is not null)
            LetLeave(slot);
    }

    private static void LetLeave(Slot slot)
    {
        var own = slot.Own!;
        if (own.IsLeaving)
            return;
        own.IsLeaving = true;
        SocketCalls.ShutdownWriting(own.Socket.Number);
    }

    private void Join(Slot slot)
    {
        slot.Pool.Own!.Add(slot);
        Publish(slot);
        Probe(slot);
    }

    /// <summary>Sends a packet that does nothing: that it has been taken shows that the worker's loop answers (again).</summary>
    private unsafe void Probe(Slot slot)
    {
        ulong* packet = stackalloc ulong[2] { _sender.TakeId(), 0 };
        if (!SocketCalls.Send(slot.Own!.Socket.Number, (byte*)packet, 2 * sizeof(ulong), MessageFlags.DontWait | MessageFlags.NoSignal).IsError)
            slot.Own.Probed(packet[0]);
    }

    private void SentTo(Slot slot, ApplicationRequest request)
    {
        request.BeganAt = _loop.Now;
        request.TimeLimit = 0;
        request.IsOverdue = request.IsHeld = false;
        slot.Own!.Sent(request.Id, _loop.Now);
        slot.Own.InFlight++;
        Publish(slot);
    }

    private void GoneFrom(Slot slot, ApplicationRequest request)
    {
        slot.Own!.InFlight--;
        if (request.IsOverdue)
            slot.Own.Overdue--;
        Publish(slot);
    }

    /// <summary>The master does not end a process before this is zero.</summary>
    private void Publish(Slot slot) => _board[slot.Line, SlotWord.InFlight] = (ulong)(slot.Own!.InFlight - slot.Own.Overdue);

    /// <summary>Where a worker's loop does not come to its packets while another one's would, they go to that one.</summary>
    private void TakeBackFromIdle(OwnQueues queues)
    {
        long now = _loop.Now;
        queues.Look(now);
        foreach (var slot in queues.Slots)
        {
            slot.Own!.IsFull = false;
            if (!slot.Own.MayHoldRequests || !slot.Own.IsBehind(now) || !queues.CanTake(now))
                continue;
            TakeBack(slot);
            Probe(slot);
        }
    }

    /// <summary>Puts what the worker has not taken out of its queue back in front of the FIFO: it has never been run.</summary>
    private void TakeBack(Slot slot)
    {
        Span<byte> id = stackalloc byte[sizeof(ulong)];
        var untaken = new List<ApplicationRequest>();
        while (Messages.Receive(slot.Own!.WorkersEnd.Number, id, out var descriptors) is { IsError: false, Int: > 0 })
        {
            foreach (var descriptor in descriptors)
                descriptor.Dispose();
            if (_sent.TryGetValue(BitConverter.ToUInt64(id), out var request) && request.Slot == slot)
                untaken.Add(request);
        }
        for (int i = untaken.Count - 1; i >= 0; i--)
        {
            Finish(untaken[i]);
            if (untaken[i] is not AbandonedRequest)
                _waiting.Prepend(untaken[i]);
        }
    }

    /// <summary>The worker died with all that it had taken and not answered.</summary>
    private void LoseAll(Slot dead)
    {
        dead.Pool.Own!.Remove(dead);
        foreach (var request in _sent.Values.Where(request => request.Slot == dead).OrderByDescending(static request => request.Id).ToArray())
            Lost(request);
        dead.Own!.Dispose();
    }

    // ---- what is said to workers ----

    private void Order(Slot slot, ulong id, LinkFrameKind kind)
    {
        slot.Orders!.Send(id, kind);
        if (slot.Orders.IsWaiting && slot.IsListening)
            _loop.Modify(slot.Link.Socket.Number, EpollEvents.In | EpollEvents.Out);
    }

    internal void FlushOrders(Slot slot)
    {
        slot.Orders?.Flush();
        if (slot.Orders is { IsWaiting: false } && slot.IsListening)
            _loop.Modify(slot.Link.Socket.Number, EpollEvents.In);
    }

    /// <summary>The client does not take this answer now. The link is that of other answers as well, so it is read on and the worker told instead.</summary>
    /// <returns>False: the worker has no queue of its own, and its link is to be held back.</returns>
    internal bool Hold(ApplicationRequest request, int bytes)
    {
        if (request.Slot is not { Own: { } own } slot)
            return false;
        if (!request.IsHeld)
        {
            request.IsHeld = true;
            request.Overrun = 0;
            Order(slot, request.Id, LinkFrameKind.Pause);
        }
        request.Overrun += bytes;
        own.IsOverrun |= request.Overrun > MaximumOverrun;
        return true;
    }

    private void Release(ApplicationRequest request, Slot slot)
    {
        request.IsHeld = false;
        Order(slot, request.Id, LinkFrameKind.Resume);
    }

    // ---- what runs for too long ----

    private void GiveUpOverdueOfOwn()
    {
        DrainAll();
        ulong clock = (ulong)Stopwatch.GetTimestamp();
        foreach (var request in _sent.Values.Where(static request => request is { IsOverdue: false, Slot.Own: not null }).ToArray())
        {
            var slot = request.Slot!;
            // It has not begun. When it has by the next look, that is as good as then.
            if (_board[slot.Line, SlotWord.Taken] < request.Id)
                request.BeganAt = _loop.Now + OverdueInterval;
            var ran = TimeSpan.FromMilliseconds(_loop.Now - request.BeganAt);
            bool isOver = request.TimeLimit != 0 ? clock >= request.TimeLimit : RequestTimeLimit > TimeSpan.Zero && ran >= RequestTimeLimit;
            if (isOver)
                GiveUpOverdue(request, slot, ran);
        }
    }

    private void GiveUpOverdue(ApplicationRequest request, Slot slot, TimeSpan ran)
    {
        request.IsOverdue = true;
        slot.Own!.Overdue++;
        Publish(slot);
        bool isAbandoned = request is AbandonedRequest;
        _observer.RequestRanTooLong(slot.Line, PidOf(slot), request.Id, ran, isAbandoned ? null : request);
        if (isAbandoned)
            return;
        Withdraw(request);
        request.OnFailed(ApplicationFailure.RanTooLong);
    }
}
