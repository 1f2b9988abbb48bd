namespace OneServe.StaticFiles;

/// <summary>What a cache knows of one path.</summary>
internal sealed class CacheEntry
{
    /// <summary>Objects and header texts of an entry, roughly.</summary>
    private const int FixedBytes = 1024;

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

    /// <summary>
    /// Bytes that the entry takes: contents, and the path in all its copies. A file has many names (`/static////a.css`), each of 4 KiB if somebody wants.
    /// </summary>
    public long Footprint
    {
        get
        {
            long bytes = FixedBytes + (sizeof(char) * Path.Length) + (File?.MemoryBytes ?? 0);
            foreach (var probe in Probes)
                bytes += probe.Path.Length;
            return bytes;
        }
    }

    /// <summary>What the entry counts in its list besides one.</summary>
    public long Weight { get; set; }
}
