using OneServe.Application.Marshal;
using OneServe.Posix;
using OneServe.Transport;

namespace OneServe.Application;

/// <summary>
/// The way to the workers for requests of another loop than the dispatcher's. Nothing is shared: a request goes over as a copy
/// (<see cref="RelayedRequest"/>), its answer comes back in messages, and each side touches its own objects on its own thread.
/// </summary>
/// <param name="own">The loop of the requests.</param>
/// <param name="home">The dispatcher's.</param>
/// <param name="dispatcher">It.</param>
public sealed class RemoteDispatch(EventLoop own, EventLoop home, Dispatcher dispatcher) : IRequestDispatch
{
    private readonly byte[] _environ = new byte[PacketBatch.BufferSize];

    /// <summary>Read without a lock: an answer that is a moment old decides only whether a client that has half left keeps its place.</summary>
    public bool IsQueued(ApplicationRequest request) => request.Relayed is { } relayed && dispatcher.IsQueued(relayed);

    public long RetryAfter { get; internal set; } = 1;

    public bool Submit(ApplicationRequest request)
    {
        request.WorkerPid = request.WorkerNumber = request.WorkerThread = 0;
        request.WorkerRequests = 0;
        var environ = new PacketWriter(_environ);
        request.WriteEnviron(ref environ);
        if (environ.Overflowed)
        {
            own.Post(static r => ((ApplicationRequest)r!).OnFailed(ApplicationFailure.TooLarge), request);
            return true;
        }
        SafeDescriptor? file = null;
        if (request.BodyFile is { } body)
        {
            // The request closes its own when it is over, which the workers may not know yet.
            var duplicate = Descriptors.Duplicate(body.Number);
            if (duplicate.IsError)
                return false;
            file = new SafeDescriptor(duplicate.Int);
        }
        var relayed = new RelayedRequest(request, this, _environ.AsSpan(0, environ.Length), file);
        request.Relayed = relayed;
        home.Post(static r => ((RelayedRequest)r!).Submit(), relayed);
        return true;
    }

    public void Withdraw(ApplicationRequest request)
    {
        if (request.Relayed is not { } relayed)
            return;
        relayed.Detach();
        home.Post(static r => ((RelayedRequest)r!).Withdraw(), relayed);
    }

    public void Resume(ApplicationRequest request)
    {
        if (request.Relayed is { } relayed)
            home.Post(static r => ((RelayedRequest)r!).TakesDataAgain(), relayed);
    }

    // ---- what a relayed request asks for ----

    /// <summary>The dispatcher; on its loop only.</summary>
    internal Dispatcher Dispatcher => dispatcher;

    /// <summary>Sends to the request's loop.</summary>
    internal void ToOwn(RelayedAnswer answer) => own.Post(static a => ((RelayedAnswer)a!).Deliver(), answer);

    /// <summary>Sends to the dispatcher's loop.</summary>
    internal void ToHome(Action<object?> action, object state) => home.Post(action, state);
}
