using OneServe.Configuration;
using OneServe.Master.Processes;
using OneServe.Posix;
using Serilog;

namespace OneServe.Master;

/// <summary>
/// Memory of workers as the kernel tells it. `evil-reload-on-rss` and `evil-reload-on-as`: kills those that use too much, in the middle of whatever they do.
/// </summary>
internal static class MemoryWatch
{
    /// <summary>Between two looks, as in uWSGI.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static bool IsAsked(WorkerLimits limits) => limits.ResidentToKill > 0 || limits.AddressSpaceToKill > 0;

    public static void Look(Worker worker, WorkerLimits limits, ILogger log)
    {
        if (worker.Pid == 0)
            return;
        var (space, resident) = ProcessMemory.Of(worker.Pid);
        if (limits.ResidentToKill > 0 && resident >= limits.ResidentToKill)
            Kill(worker, resident, "resident memory (evil-reload-on-rss)", log);
        else if (limits.AddressSpaceToKill > 0 && space >= limits.AddressSpaceToKill)
            Kill(worker, space, "address space (evil-reload-on-as)", log);
    }

    /// <summary>Resident memory, bytes; 0: it has gone.</summary>
    public static long ResidentOf(int pid) => pid != 0 && TryRead(pid, out _, out long resident) ? resident : 0;

    private static void Kill(Worker worker, long bytes, string what, ILogger log)
    {
        log.Error("Worker {Number} (pid {Pid}) has {Amount} MiB of {What:l}: it is killed", worker.Number, worker.Pid, bytes >> 20, what);
        Children.Kill(worker.Pid);
    }
}
