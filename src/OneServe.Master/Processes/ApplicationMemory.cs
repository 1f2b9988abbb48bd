using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe.Master.Processes;

/// <summary>
/// Files in memory that applications share: one whose bytes are their locks, and one for each cache. The master holds them, so that they outlive workers
/// and reloads; what is in them is Python's business (locks.py, cache.py).
/// </summary>
internal sealed class ApplicationMemory : IDisposable
{
    private readonly Dictionary<CacheOptions, SafeDescriptor> _caches = [];
    private SafeDescriptor? _locks;

    /// <summary>The descriptors for the processes of this configuration, the one of the locks first; none when there is no module `uwsgi`.</summary>
    /// <exception cref="SystemCallException">No descriptor or no memory left.</exception>
    public IEnumerable<int> For(ServerOptions options)
    {
        if (!options.Application.HasUwsgiModule)
            return [];
        _locks ??= MemoryFile.Create("oneserve-locks");
        foreach (var cache in options.Caches)
        {
            if (!_caches.ContainsKey(cache))
                _caches.Add(cache, MemoryFile.Create("oneserve-cache"));
        }
        return [_locks.Number, .. options.Caches.Select(cache => _caches[cache].Number)];
    }

    /// <summary>Gives back what none of these has: a cache that is defined otherwise now is another one.</summary>
    public void KeepFor(IEnumerable<ServerOptions> present)
    {
        foreach (var cache in _caches.Keys.Except(present.SelectMany(static options => options.Caches)).ToArray())
        {
            _caches[cache].Dispose();
            _caches.Remove(cache);
        }
    }

    public void Dispose()
    {
        _locks?.Dispose();
        KeepFor([]);
    }
}
