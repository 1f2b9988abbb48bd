namespace OneServe.Application;

/// <summary>What the dispatcher cannot settle itself.</summary>
public interface IDispatcherObserver
{
    /// <summary>A worker wrote what cannot be decoded: its process is not to be trusted any further.</summary>
    /// <param name="line">The slot.</param>
    /// <param name="pid">The process: when this is heard, the slot may have another one.</param>
    void WorkerSentGarbage(int line, int pid);

    /// <summary>A slot has been at work on one request for longer than <see cref="Dispatcher.RequestTimeLimit"/>.</summary>
    /// <param name="line">The slot.</param>
    /// <param name="pid">The process, as above.</param>
    /// <param name="id">The request's.</param>
    /// <param name="ran">Since the worker took it.</param>
    /// <param name="request">Null when its answer is complete, or its client has left.</param>
    void RequestRanTooLong(int line, int pid, ulong id, TimeSpan ran, ApplicationRequest? request);

    /// <summary>A request's worker has died.</summary>
    /// <param name="request">The request.</param>
    /// <param name="age">Since it was sent to the workers.</param>
    /// <param name="isRepeated">It is run once more.</param>
    void RequestWasLost(ApplicationRequest request, TimeSpan age, bool isRepeated);
}
