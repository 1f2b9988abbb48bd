using OneServe.Master.States;

namespace OneServe.Master;

/// <content>Its workers one by one: a successor beside each, one more, one less.</content>
internal sealed partial class Generation
{
    private readonly Queue<Worker> _chain = new();
    private Worker? _inChain;
    private Action<string?>? _chainEnded;

    /// <summary>
    /// Each worker in turn gets a successor, and goes when that one is ready. Where every worker imports the application (`lazy-apps`) this brings
    /// the new code. The first successor that does not become ready ends the chain: the workers that are left stay.
    /// </summary>
    /// <param name="ended">Called with null, or with the reason of a failure.</param>
    public void ReplaceEach(Action<string?> ended)
    {
        EndChain("it was asked for again");
        _chainEnded = ended;
        foreach (var worker in _workers.Where(static worker => worker.CanBeSucceeded))
            _chain.Enqueue(worker);
        TakeNextInChain();
    }

    /// <summary>One worker more. Null: there is room; else the reason why not.</summary>
    public string? AddWorker()
    {
        if (State != GenerationState.Current || _prototype is null)
            return "the application is not up";
        int line = _context.Lines.Take(Options.Threads);
        if (line == 0)
            return $"there is room for {_context.Lines.Free} more slots only";
        var worker = new Worker(_context, this, FreeNumber(), line, Options.Threads);
        _workers.Add(worker);
        worker.ForkIfDue();
        return null;
    }

    private int FreeNumber()
    {
        int number = 1;
        while (_workers.Exists(worker => worker.Number == number))
            number++;
        return number;
    }

    /// <summary>One worker less: the one with the highest number goes when it has finished what it has.</summary>
    public string? RemoveWorker()
    {
        var serving = _workers.Where(static worker => worker.CanBeSucceeded).OrderBy(static worker => worker.Number).ToArray();
        if (State != GenerationState.Current || serving.Length < 2)
            return "one worker has to stay";
        serving[^1].Remove();
        return null;
    }

    /// <summary>Forks a process beside this worker's, which takes over when it is ready. Without room for one, this one goes first.</summary>
    /// <returns>What was forked, or null.</returns>
    public Worker? Replace(Worker worker)
    {
        if (State != GenerationState.Current || !worker.CanBeSucceeded)
            return null;
        int line = _context.Lines.Take(Options.Threads);
        if (line == 0)
        {
            worker.Relieve();
            return null;
        }
        var next = new Worker(_context, this, worker.Number, line, Options.Threads);
        next.Succeed(worker);
        _workers.Insert(_workers.IndexOf(worker) + 1, next);
        next.ForkIfDue();
        return next;
    }

    private void TakeNextInChain()
    {
        while (_chain.TryDequeue(out var worker))
        {
            if (_context.Lines.Free < Options.Threads)
            {
                EndChain($"there is no room for another worker beside those that are there ({_context.Lines.Free} slots)");
                return;
            }
            // Null: it has died meanwhile, or is being replaced for another reason; what follows it has the new code anyway.
            _inChain = Replace(worker);
            if (_inChain is not null)
                return;
        }
        EndChain(null);
    }

    private void ContinueChain(Worker worker)
    {
        if (worker != _inChain)
            return;
        _inChain = null;
        TakeNextInChain();
    }

    private bool BreakChain(Worker worker, string why)
    {
        if (worker != _inChain)
            return false;
        _inChain = null;
        worker.StandDown();
        EndChain(why);
        return true;
    }

    private void EndChain(string? why)
    {
        var (ended, unfinished) = (_chainEnded, _inChain);
        _chainEnded = null;
        _inChain = null;
        _chain.Clear();
        unfinished?.StandDown();
        ended?.Invoke(why);
    }
}
