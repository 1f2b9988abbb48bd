namespace OneServe.Transport;

/// <summary>Waiting sockets, the oldest first; all of a list wait equally long, so that this is (nearly) the order of their deadlines.</summary>
internal sealed class SocketList
{
    private WaitingSocket? _last;

    public WaitingSocket? First { get; private set; }

    public int Count { get; private set; }

    public void Add(WaitingSocket socket)
    {
        socket.Previous = _last;
        if (_last == null)
            First = socket;
        else
            _last.Next = socket;
        _last = socket;
        Count++;
    }

    public void Remove(WaitingSocket socket)
    {
        if (socket.Previous == null)
            First = socket.Next;
        else
            socket.Previous.Next = socket.Next;
        if (socket.Next == null)
            _last = socket.Previous;
        else
            socket.Next.Previous = socket.Previous;
        socket.Previous = socket.Next = null;
        Count--;
    }
}
