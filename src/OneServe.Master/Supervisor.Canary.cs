using OneServe.Master.Commands;

namespace OneServe.Master;

/// <content>The first seconds of a new generation: the one before is kept, and comes back when the new one's requests kill its workers.</content>
internal sealed partial class Supervisor
{
    /// <summary>One request that would have killed the old workers as well may kill two: it is run once more.</summary>
    private int DeathsThatTell => _current!.Options.Workers.RetriesRequests ? 3 : 2;

    private Generation? _kept;
    private IDisposable? _canary;
    private int _deaths;

    /// <summary>The new generation has taken over. Old workers and superfluous listeners stay for a while.</summary>
    private void BeginCanary(Generation old)
    {
        _kept = old;
        _deaths = 0;
        _canary = _context.Loop.Timers.After(_current!.Options.Canary, EndCanary);
        if (_current.Options.Canary == TimeSpan.Zero)
            EndCanary();
    }

    /// <summary>It has lived through them, or something else is to happen now.</summary>
    private void EndCanary()
    {
        if (_kept is not { } old)
            return;
        _canary?.Dispose();
        _kept = null;
        CloseSuperfluous();
        old.Supersede();
        EndReload(CommandLink.Done);
        ReloadAgainIfAsked();
    }

    void IGenerationOwner.WorkerDied(Generation generation)
    {
        if (_kept is not { } old || generation != _current || ++_deaths < DeathsThatTell)
            return;
        ulong answered = generation.RequestsAnswered;
        if (answered > (ulong)_deaths)
            return;
        _canary?.Dispose();
        _kept = null;
        _current = old;
        old.Activate();
        _touch.Follow(old.Options.ReloadFiles);
        _code.Follow(old.Options.Development, old.Modules, isLate: false);
        generation.Supersede();
        CloseSuperfluous();
        _listeners.Apply(old.Options);
        string why = $"{_deaths} workers of generation {generation.Id} died in their first requests, {answered} were answered: generation {old.Id} serves again";
        _context.Log.Error("The reload failed. {Why}", why);
        EndReload(CommandLink.Failed + why);
        ReloadAgainIfAsked();
    }

    private void CloseSuperfluous()
    {
        foreach (var listener in _listeners.Superfluous(_current!.Options))
        {
            _gateway.Send($"unlisten {listener.Id}");
            _listeners.Close(listener);
            _context.Log.Information("Not listening any more: {Title}", listener.Title);
        }
    }
}
