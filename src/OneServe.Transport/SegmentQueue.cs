namespace OneServe.Transport;

/// <summary>First in, first out, in an array that is reused once it has run empty.</summary>
internal struct SegmentQueue
{
    private OutputSegment[]? _items;
    private int _head;
    private int _tail;

    public readonly int Count => _tail - _head;

    public readonly ref OutputSegment this[int index] => ref _items![_head + index];

    public readonly ref OutputSegment Last => ref _items![_tail - 1];

    public void Push(in OutputSegment segment)
    {
        _items ??= new OutputSegment[2];
        if (_tail == _items.Length)
            MakeRoom();
        _items[_tail++] = segment;
    }

    public void Pop()
    {
        _items![_head++].Release();
        if (_head == _tail)
            _head = _tail = 0;
    }

    private void MakeRoom()
    {
        var target = Count > _items!.Length / 2 ? new OutputSegment[_items.Length * 2] : _items;
        Array.Copy(_items, _head, target, 0, Count);
        if (target == _items)
            Array.Clear(_items, Count, _head);
        _items = target;
        _tail -= _head;
        _head = 0;
    }
}
