namespace OneServe.StaticFiles;

/// <summary>What a cache knows of one path.</summary>
internal sealed class CacheEntry
{
    public CacheEntry(string path)
    {
        Path = path;
        Node = new LinkedListNode<CacheEntry>(this);
    }

    public string Path { get; }

    /// <summary>The file, or null when the path names none.</summary>
    public StaticFile? File { get; set; }

    public Probe[] Probes { get; set; } = [];

    public bool IsSettled { get; set; }

    /// <summary>Time stamp of the last look at the file system.</summary>
    public long Checked { get; set; }

    /// <summary>Time stamp of the last request.</summary>
    public long Used { get; set; }

    /// <summary>The list that bounds entries of this one's kind, and the place in it.</summary>
    public RecencyList? List { get; set; }

    public LinkedListNode<CacheEntry> Node { get; }

    /// <summary>What the entry counts in its list besides one.</summary>
    public long Weight { get; set; }
}
