namespace OneServe.Application;

/// <summary>Requests that wait for a worker, oldest first. A doubly linked list through the requests: a client that leaves takes its own out at once.</summary>
internal sealed class RequestFifo
{
    public int Count { get; private set; }

    public ApplicationRequest? First { get; private set; }

    private ApplicationRequest? _last;

    public void Append(ApplicationRequest request)
    {
        request.State = RequestState.Waiting;
        request.Previous = _last;
        request.Next = null;
        if (_last is null)
            First = request;
        else
            _last.Next = request;
        _last = request;
        Count++;
    }

    /// <summary>For a request that has waited its turn already.</summary>
    public void Prepend(ApplicationRequest request)
    {
        request.State = RequestState.Waiting;
        request.Previous = null;
        request.Next = First;
        if (First is null)
            _last = request;
        else
            First.Previous = request;
        First = request;
        Count++;
    }

    public void Remove(ApplicationRequest request)
    {
        if (request.Previous is null)
            First = request.Next;
        else
            request.Previous.Next = request.Next;
        if (request.Next is null)
            _last = request.Previous;
        else
            request.Next.Previous = request.Previous;
        request.Previous = request.Next = null;
        request.State = RequestState.None;
        Count--;
    }
}
