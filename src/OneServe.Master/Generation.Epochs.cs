using OneServe.Master.Start;
using OneServe.Master.States;
using OneServe.Posix;

namespace OneServe.Master;

/// <content>How it enters each life of the gateway.</content>
internal sealed partial class Generation
{
    /// <summary>Makes a queue and links for the gateway's present life and gives it its ends, once.</summary>
    public void EnterEpoch()
    {
        if (!WantsWorkers || !Pool.IsUnknown)
            return;
        try
        {
            MakeQueueAndLinks();
        }
        catch (SystemCallException error)
        {
            string why = ScarceResources.Explain(error) ?? error.Message;
            if (IsCurrent)
            {
                _context.Log.Error("The gateway cannot be given its queue and links: it is started again. {Why}", why);
                _gateway.StartOver();
                return;
            }
            Take(State == GenerationState.Importing ? GenerationEvent.PrototypeFailed : GenerationEvent.PrototypeLost, ApplicationFailure.Unusable(why));
        }
    }

    private void MakeQueueAndLinks()
    {
        Pool.Enter();
        _scaler?.Forget();
        foreach (var worker in _workers.ToArray())
            worker.EnterEpoch();
        if (IsActive)
            Pool.Activate();
        ForkWorkers();
    }
}
