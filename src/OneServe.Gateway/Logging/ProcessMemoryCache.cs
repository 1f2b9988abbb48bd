using OneServe.Posix;

namespace OneServe.Gateway.Logging;

/// <summary>The memory of processes as it was at most a second ago: it is asked for with every line, and changes slowly. Loop thread only.</summary>
/// <param name="now">The loop's time, ms.</param>
internal sealed class ProcessMemoryCache(Func<long> now)
{
    private const int Milliseconds = 1000;

    private readonly Dictionary<int, ProcessMemory> _known = [];
    private long _until;

    public ProcessMemory Of(int pid)
    {
        if (now() >= _until)
        {
            _known.Clear();
            _until = now() + Milliseconds;
        }
        if (!_known.TryGetValue(pid, out var memory))
            _known[pid] = memory = ProcessMemory.Of(pid);
        return memory;
    }
}
