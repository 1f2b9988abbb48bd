using OneServe.Master.Start;
using OneServe.Master.States;
using OneServe.Posix;

namespace OneServe.Master;

/// <content>How it enters each life of the gateway.</content>
internal sealed partial class Generation
{
    /// <summary>Send buffer of a queue: it bounds the size of one packet, and how many wait in the kernel.</summary>
    private const int QueueBuffer = 1 << 20;

    /// <summary>The two ends of a queue: the gateway's and the workers'.</summary>
    public static (SafeDescriptor Theirs, SafeDescriptor Ours) NewQueue()
    {
        var (theirs, ours) = SocketPairs.Sequenced();
        SocketPairs.SetSendBuffer(theirs, QueueBuffer);
        return (theirs, ours);
    }

    /// <summary>Makes a queue and links for the gateway's present life and gives it its ends, once.</summary>
    public void EnterEpoch()
    {
        if (!WantsWorkers || !Gateway.IsPresent || Epoch == Gateway.Epoch)
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
                Gateway.StartOver();
                return;
            }
            Take(State == GenerationState.Importing ? GenerationEvent.PrototypeFailed : GenerationEvent.PrototypeLost, ApplicationFailure.Unusable(why));
        }
    }

    private void MakeQueueAndLinks()
    {
        if (HasOwnQueues)
        {
            Gateway.Send($"generation {Id}", _settings.Number);
        }
        else
        {
            var (theirs, ours) = NewQueue();
            _queue?.Dispose();
            _queue = ours;
            using (theirs)
                Gateway.Send($"generation {Id}", _settings.Number, theirs.Number);
        }
        Epoch = Gateway.Epoch;
        _scaler?.Forget();
        foreach (var worker in _workers.ToArray())
            worker.EnterEpoch();
        if (IsActive)
            Gateway.Send($"activate {Id}");
        ForkWorkers();
    }
}
