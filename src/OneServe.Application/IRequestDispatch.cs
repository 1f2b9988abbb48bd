namespace OneServe.Application;

/// <summary>
/// The way to the workers from one event loop, whose thread calls all members: the <see cref="Dispatcher"/> itself on its own loop, a
/// <see cref="RemoteDispatch"/> on any other.
/// </summary>
public interface IRequestDispatch
{
    /// <summary>True when the request waits, and longer than until the end of this turn: no worker is free for it. From another loop: a moment ago.</summary>
    bool IsQueued(ApplicationRequest request);

    /// <summary>When a client whose request has just been refused or has failed may try again, whole seconds.</summary>
    long RetryAfter { get; }

    /// <summary>Queues the request; one of its callbacks is called later, never from within.</summary>
    /// <returns>False: the queue is full, or nobody is there to work on it for a while (<see cref="RetryAfter"/>).</returns>
    bool Submit(ApplicationRequest request);

    /// <summary>The client has left: none of the request's callbacks is called any more. A worker that has it already is told to stop.</summary>
    void Withdraw(ApplicationRequest request);

    /// <summary>The client takes data again after <see cref="ApplicationRequest.OnData"/> said false.</summary>
    void Resume(ApplicationRequest request);
}
