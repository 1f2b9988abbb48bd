namespace OneServe.Application;

/// <content>Answers: whose they are, and what becomes of requests that get none.</content>
public sealed partial class Dispatcher
{
    /// <summary>The request that a frame is about, or null when nobody waits for it.</summary>
    internal ApplicationRequest? Find(ulong id, Slot slot)
    {
        if (!_sent.TryGetValue(id, out var request) || request.Pool != slot.Pool || (slot.Own is not null && request.Slot != slot))
            return null;
        request.Slot = slot;
        request.WorkerPid = PidOf(slot);
        (request.WorkerNumber, request.WorkerThread) = (slot.Worker, slot.Thread);
        if (slot.Own is not null)
            return request;
        // Was still in the queue when its client left.
        if (request is AbandonedRequest)
            _board[slot.Line, SlotWord.Cancelled] = id;
        return request;
    }

    /// <summary>As <see cref="Find"/>; the answer is complete, so the request leaves the dispatcher.</summary>
    internal ApplicationRequest? Take(ulong id, Slot slot)
    {
        var request = Find(id, slot);
        if (request is null)
            return null;
        request.WorkerRequests = CounterOf(slot).CountOne();
        Finish(request);
        return request;
    }

    internal void Finish(ApplicationRequest request)
    {
        _sent.Remove(request.Id);
        _forReply.Succeeded();
        _forRequest.Arm();
        request.State = RequestState.None;
        if (request.Slot is { Own: not null } owner)
            GoneFrom(owner, request);
        request.Slot = null;
        request.Pool!.Outstanding--;
        ReturnBody(request);
    }

    private void ReturnBody(ApplicationRequest request)
    {
        if (request.BodyBlock < 0)
            return;
        _blocks.Return(request.BodyBlock);
        request.BodyBlock = -1;
    }

    /// <summary>Its worker died with it.</summary>
    private void Lost(ApplicationRequest request)
    {
        Finish(request);
        bool repeats = RetriesRequests && !request.Answering && !request.Repeated && request.IsSafeToRepeat;
        if (request is not AbandonedRequest)
            _observer.RequestWasLost(request, TimeSpan.FromMilliseconds(_loop.Now - request.SentAt), repeats);
        if (repeats)
        {
            request.Repeated = true;
            Repeats++;
            _waiting.Prepend(request);
            return;
        }
        request.OnFailed(ApplicationFailure.WorkerDied);
    }

    /// <summary>Nobody is left to take these, and nobody noted them: they have never been run.</summary>
    private void Rescue(WorkerPool pool)
    {
        foreach (var request in _sent.Values.Where(r => r.Pool == pool).OrderByDescending(r => r.Id).ToArray())
        {
            Finish(request);
            if (request.Answering)
                request.OnFailed(ApplicationFailure.WorkerDied);
            else if (request is not AbandonedRequest)
                _waiting.Prepend(request);
        }
    }

    /// <summary>Ends a retired pool whose last slot has gone.</summary>
    private void Settle(WorkerPool pool)
    {
        if (!pool.Retired || pool.Live > 0 || pool.Dying > 0)
            return;
        Rescue(pool);
        if (_pools.Remove(pool.Generation))
            pool.Queue?.Dispose();
        if (_current == pool)
            _current = null;
    }
}
