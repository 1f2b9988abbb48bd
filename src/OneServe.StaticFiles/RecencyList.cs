namespace OneServe.StaticFiles;

/// <summary>Entries of one kind, the most recently used first, bounded in number and in weight.</summary>
internal sealed class RecencyList(int maxCount, long maxWeight)
{
    private readonly LinkedList<CacheEntry> _entries = [];

    public int Count => _entries.Count;

    public long Weight { get; private set; }

    /// <summary>True when something must go. The newest entry alone is always allowed.</summary>
    public bool IsOver => _entries.Count > 1 && (_entries.Count > maxCount || Weight > maxWeight);

    public CacheEntry? Oldest => _entries.Last?.Value;

    public void Add(CacheEntry entry, long weight)
    {
        entry.List = this;
        entry.Weight = weight;
        Weight += weight;
        _entries.AddFirst(entry.Node);
    }

    public void Touch(CacheEntry entry)
    {
        if (_entries.First == entry.Node)
            return;
        _entries.Remove(entry.Node);
        _entries.AddFirst(entry.Node);
    }

    public void Remove(CacheEntry entry)
    {
        _entries.Remove(entry.Node);
        Weight -= entry.Weight;
        entry.List = null;
    }
}
