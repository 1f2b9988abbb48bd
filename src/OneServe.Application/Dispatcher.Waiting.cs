using System.Diagnostics;
using OneServe.Transport;

namespace OneServe.Application;

/// <content>How many requests may wait, and for how long.</content>
public sealed partial class Dispatcher
{
    /// <summary>Between the age at which workers refuse a packet and that at which the gateway answers for them, ms.</summary>
    private const int ExpiryMargin = 1000;

    /// <summary>Requests that may wait in the FIFO, beside those for which the workers' own queue has room.</summary>
    public int QueueLimit { get; set; } = 8192;

    /// <summary>How long a request may wait; zero: for ever.</summary>
    public TimeSpan QueueTimeout { get; set; }

    /// <summary>How long a worker may be at work on a request; zero: for ever. Looked at once a second.</summary>
    public TimeSpan RequestTimeLimit { get; set; }

    /// <summary>A request that may be run again when its worker died is.</summary>
    public bool RetriesRequests { get; set; } = true;

    /// <summary>What came in this turn of the loop has not been sent on yet: the room in the workers' queue counts.</summary>
    private bool IsFull => _waiting.Count >= QueueLimit && _waiting.Count >= QueueLimit + (_current?.Credit ?? 0);

    public long RetryAfter => Math.Max(1, (Rest + 999) / 1000);

    /// <summary>For how long no process of the current pool is started, ms.</summary>
    private long Rest => _current is { RestsUntil: > 0 } pool ? Math.Max(0, pool.RestsUntil - _loop.Now) : 0;

    public bool IsQueued(ApplicationRequest request) => request.State switch
    {
        RequestState.Waiting => IsBacklogged,
        RequestState.Sent => request is { Answering: false, Slot: null, Pool: { } pool } && pool.Outstanding > pool.Live && !HasBeenTaken(request),
        _ => false,
    };

    /// <summary>
    /// The generation's processes die too soon, and the next is started after <paramref name="time"/>: nobody is to wait for it. A new slot ends
    /// the rest.
    /// </summary>
    public void LetRest(int generation, TimeSpan time)
    {
        if (!_pools.TryGetValue(generation, out var pool))
            return;
        pool.RestsUntil = _loop.Now + (long)time.TotalMilliseconds;
        while (pool == _current && _waiting.First is { } request)
        {
            _waiting.Remove(request);
            ReturnBody(request);
            request.OnFailed(ApplicationFailure.NoWorkers);
        }
    }

    /// <summary>The FIFO is in the order of waiting, so the first that has time left ends the search.</summary>
    void ILoopParticipant.OnSecond()
    {
        long latest = _loop.Now - (long)QueueTimeout.TotalMilliseconds;
        while (QueueTimeout > TimeSpan.Zero && _waiting.First is { } oldest && oldest.WaitingSince < latest)
        {
            _waiting.Remove(oldest);
            ReturnBody(oldest);
            oldest.OnFailed(ApplicationFailure.WaitedTooLong);
        }
        if (QueueTimeout > TimeSpan.Zero)
            GiveUpUntaken(latest - ExpiryMargin);
        if (RequestTimeLimit > TimeSpan.Zero || Array.Exists(_slots, slot => _board[slot.Line, SlotWord.Limit] != 0))
            GiveUpOverdue();
        if (Array.Exists(_slots, static slot => slot.Own is not null))
            GiveUpOverdueOfOwn();
    }

    /// <summary>
    /// Requests that run for too long are answered now, and whoever answers for processes is told, once for each. A slot that has published its
    /// answer and does not come back from it counts too.
    /// </summary>
    private void GiveUpOverdue()
    {
        DrainAll();
        long now = Stopwatch.GetTimestamp();
        foreach (var slot in _slots)
        {
            if (slot.Own is not null)
                continue;
            ulong id = _board[slot.Line, SlotWord.Taken];
            // Ticks are the ns of CLOCK_MONOTONIC, in which workers note when they took a request. Between the kernel's note of the id and the worker's
            // own of the time, the latter is that of an earlier request: then the time of sending counts, which came with the id.
            ulong began = Math.Max(_board[slot.Line, SlotWord.Started], _board[slot.Line, SlotWord.Sent]);
            var ran = Stopwatch.GetElapsedTime((long)began, now);
            // The application's own limit for this request (set_user_harakiri) takes the place of the one for all.
            ulong limit = _board[slot.Line, SlotWord.Limit];
            bool isOver = limit != 0 ? (ulong)now >= limit : RequestTimeLimit > TimeSpan.Zero && ran >= RequestTimeLimit;
            if (id == 0 || id == _board[slot.Line, SlotWord.Done] || !isOver || slot.Overdue == id)
                continue;
            slot.Overdue = id;
            var request = _sent.GetValueOrDefault(id) is { } found and not AbandonedRequest ? found : null;
            _observer.RequestRanTooLong(slot.Line, PidOf(slot), id, ran, request);
            if (request is null)
                continue;
            Withdraw(request);
            request.OnFailed(ApplicationFailure.RanTooLong);
        }
    }

    /// <summary>
    /// Requests that have been in the kernel's queue for too long. Nothing can be taken out of it, but a worker does not run a packet of that
    /// age; the margin is for the worker that took it just in time.
    /// </summary>
    private void GiveUpUntaken(long latest)
    {
        DrainAll();
        foreach (var request in _sent.Values.Where(r => r.SentAt < latest && !r.Answering && r is not AbandonedRequest && !HasBeenTaken(r)).ToArray())
        {
            Withdraw(request);
            request.OnFailed(ApplicationFailure.WaitedTooLong);
        }
    }

    /// <summary>A queue is first in, first out: what is older than a packet that was taken has been taken too.</summary>
    private bool HasBeenTaken(ApplicationRequest request)
    {
        foreach (var slot in _slots)
        {
            ulong taken = _board[slot.Line, SlotWord.Taken];
            if (slot.Pool != request.Pool || (slot.Own is not null && slot != request.Slot))
                continue;
            if (taken >= request.Id && taken >> SharedLayout.SequenceBits == request.Id >> SharedLayout.SequenceBits)
                return true;
        }
        return false;
    }
}
