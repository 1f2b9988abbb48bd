using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;

namespace OneServe.StaticFiles;

/// <summary>
/// Static files by path: what is asked again within a second is answered from memory, without a system call and without an allocation, hits and
/// misses alike; after a second one statx(2) a file tells whether the answer still holds. A file that is held open, and so costs system calls to send
/// anyway, is looked at for each answer.
/// </summary>
/// <remarks>
/// For one thread at a time: every event loop has a cache of its own and calls all members from its thread, so nothing here is locked. Threads
/// that are no loop's share one under a lock of theirs around <see cref="TryRespond"/>. What a cache hands out (<see cref="StaticResponse"/>) may be
/// used on any thread. At a new configuration the loop makes a new cache and disposes the old one; responses that are on their way keep what they need.
/// </remarks>
public sealed class StaticFileCache : IDisposable
{
    /// <summary>Misses on longer paths are not remembered: they are no page's links, and they would take the memory of many.</summary>
    private const int LongestMissing = 512;

    /// <summary>
    /// When so many bytes are dropped at once, and more than stay, the collector is asked to give them back: it counts in allocations, and whoever was
    /// left by all clients makes none.
    /// </summary>
    private const long MuchMemory = 16 * 1024 * 1024;

    /// <summary>Uses within so short a time count as one: among many files, moving an entry costs more than finding it, all in cold memory.</summary>
    private static readonly TimeSpan Recency = TimeSpan.FromSeconds(1);

    private static readonly StringValues ReadingMethods = "GET, HEAD";

    private readonly StaticFileMaps _maps;
    private readonly StaticFileResolver _resolver;
    private readonly TimeProvider _clock;
    private readonly long _freshness;
    private readonly long _idle;
    private readonly long _recency;
    private readonly Dictionary<string, CacheEntry> _entries = new(StringComparer.Ordinal);
    private readonly RecencyList _inMemory;
    private readonly RecencyList _open;
    private readonly RecencyList _missing;
    private readonly RecencyList[] _lists;
    private int _users;

    /// <param name="maps">Where the files are.</param>
    /// <param name="limits">Bounds; the defaults when null.</param>
    /// <param name="clock">Both of its clocks are used; the system's when null.</param>
    public StaticFileCache(StaticFileMaps maps, StaticCacheLimits? limits = null, TimeProvider? clock = null)
    {
        limits ??= new StaticCacheLimits();
        _maps = maps;
        _clock = clock ?? TimeProvider.System;
        _resolver = new StaticFileResolver(maps, new RepresentationLoader(limits.SmallFile), _clock);
        _freshness = (long)(limits.Freshness.TotalSeconds * _clock.TimestampFrequency);
        _idle = (long)(limits.Idle.TotalSeconds * _clock.TimestampFrequency);
        _recency = (long)(Recency.TotalSeconds * _clock.TimestampFrequency);
        _inMemory = new RecencyList(limits.MemoryEntries, limits.MemoryBytes);
        _open = new RecencyList(limits.OpenFiles, limits.OpenFiles);
        _missing = new RecencyList(limits.MissingEntries, long.MaxValue);
        _lists = [_inMemory, _open, _missing];
    }

    ~StaticFileCache() => Clear();

    /// <summary>Bytes of files in memory, their paths included.</summary>
    public long MemoryBytes => _inMemory.Weight;

    /// <summary>Descriptors held open.</summary>
    public long OpenFiles => _open.Weight;

    /// <summary>Paths known, files and misses.</summary>
    public int Count => _entries.Count;

    /// <summary>Decides a request.</summary>
    /// <param name="request">What of it matters.</param>
    /// <param name="mayWait">Whether bytes may be fetched from a disk; else the answer may be <see cref="StaticOutcome.Cold"/>.</param>
    /// <param name="response">The answer, if there is one.</param>
    public StaticOutcome Respond(in StaticRequest request, bool mayWait, out StaticResponse response)
    {
        response = default;
        bool reads = request.Method is "GET" or "HEAD";
        if (reads)
        {
            Enter();
            var kind = Find(request.Path, mayWait, out var file);
            Leave();
            if (kind == ResolutionKind.Cold)
                return StaticOutcome.Cold;
            if (file is not null)
            {
                StaticResponder.Evaluate(file, request, _clock, out response);
                return StaticOutcome.Answered;
            }
            if (kind == ResolutionKind.Unknown)
                return StaticOutcome.Unavailable;
        }
        if (!_maps.IsClosed(request.Path))
            return StaticOutcome.NotStatic;
        response = new StaticResponse { Status = reads ? 404 : 405, ContentLength = 0, Allow = reads ? default : ReadingMethods };
        return StaticOutcome.Answered;
    }

    /// <summary><see cref="Respond"/> for callers that may wait for a disk; false when the request is the application's.</summary>
    public bool TryRespond(in StaticRequest request, out StaticResponse response)
        => Respond(request, mayWait: true, out response) == StaticOutcome.Answered;

    /// <summary>The file that a path names. It is the cache's: use it before the next call here.</summary>
    /// <param name="path">Percent-decoded, without query, one character a byte.</param>
    /// <param name="file">The file.</param>
    public bool TryFind(string path, [NotNullWhen(true)] out StaticFile? file)
    {
        Enter();
        Find(path, mayWait: true, out file);
        Leave();
        return file is not null;
    }

    /// <summary>Brings the bytes that a path leads to into the page cache, and waits for them. Any thread; the cache itself is not touched.</summary>
    public void Warm(string path) => _resolver.Resolve(path, mayWait: true).File?.Release();

    /// <summary>
    /// Drops what was not used for a minute. Called by the loop every ten seconds or so, also when no request comes: only then do deleted files
    /// give their blocks back.
    /// </summary>
    public void Trim()
    {
        Enter();
        long now = _clock.GetTimestamp();
        long before = MemoryBytes;
        foreach (var list in _lists)
        {
            while (list.Oldest is { } entry && now - entry.Used >= _idle)
                Drop(entry);
        }
        Leave();
        if (before - MemoryBytes >= Math.Max(MuchMemory, MemoryBytes))
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
    }

    /// <summary>Lets go of all files. A request that still comes this way is answered all the same; what it opens, the finalizer closes.</summary>
    public void Dispose()
    {
        Enter();
        Clear();
        Leave();
    }

    private void Clear()
    {
        foreach (var list in _lists)
        {
            while (list.Oldest is { } entry)
                Drop(entry);
        }
    }

    private ResolutionKind Find(string path, bool mayWait, out StaticFile? file)
    {
        file = null;
        if (!_maps.Covers(path) || path.Length >= RequestName.LongestPath)
            return ResolutionKind.Missing;
        long now = _clock.GetTimestamp();
        if (!_entries.TryGetValue(path, out var entry))
            return Load(path, null, mayWait, now, out file);
        if (now - entry.Used >= _recency)
        {
            entry.Used = now;
            entry.List!.Touch(entry);
        }
        if (now - entry.Checked >= _freshness ? !Check(entry, now) : entry.File is { HasChanged: true })
            return Load(path, entry, mayWait, now, out file);
        file = entry.File;
        return file is null ? ResolutionKind.Missing : ResolutionKind.Found;
    }

    /// <summary>True when a file's entry still says what the file system says.</summary>
    private static bool Check(CacheEntry entry, long now)
    {
        // A miss is cheap to look up anew, and there what was refused may have become allowed.
        if (entry.File is null || !entry.IsSettled || !Array.TrueForAll(entry.Probes, probe => probe.StillHolds()))
            return false;
        entry.Checked = now;
        return true;
    }

    private ResolutionKind Load(string path, CacheEntry? entry, bool mayWait, long now, out StaticFile? file)
    {
        file = null;
        var resolution = _resolver.Resolve(path, mayWait);
        if (resolution.Kind == ResolutionKind.Unknown && _open.Count > 0)
        {
            // Most likely the process is out of descriptors, and these are spare.
            while (_open.Oldest is { } spare && spare != entry)
                Drop(spare);
            resolution = _resolver.Resolve(path, mayWait);
        }
        if (resolution.Kind is ResolutionKind.Unknown or ResolutionKind.Cold)
        {
            file = entry?.File;
            return resolution.Kind;
        }

        file = resolution.File;
        if (entry is not null)
            Drop(entry);
        if (file is null && path.Length > LongestMissing)
            return resolution.Kind;
        entry = new CacheEntry(path)
        {
            File = file,
            Probes = resolution.Probes,
            IsSettled = resolution.IsSettled,
            Checked = now,
            Used = now,
        };
        Keep(entry);
        return resolution.Kind;
    }

    private void Keep(CacheEntry entry)
    {
        _entries.Add(entry.Path, entry);
        var (list, weight) = entry.File switch
        {
            null => (_missing, 0L),
            { OpenFiles: > 0 and var open } => (_open, open),
            _ => (_inMemory, entry.Footprint),
        };
        list.Add(entry, weight);
        while (list.IsOver)
            Drop(list.Oldest!);
    }

    private void Drop(CacheEntry entry)
    {
        _entries.Remove(entry.Path);
        entry.List!.Remove(entry);
        entry.File?.Release();
    }

    /// <summary>Two threads at once would tear the lists: a debug build says so at once.</summary>
    [Conditional("DEBUG")]
    private void Enter()
    {
        int users = Interlocked.Increment(ref _users);
        Debug.Assert(users == 1, "A static file cache is used by one thread at a time.");
    }

    [Conditional("DEBUG")]
    private void Leave() => Interlocked.Decrement(ref _users);
}
