using OneServe.Configuration;
using OneServe.Master.Processes;
using Serilog;

namespace OneServe.Master;

/// <summary>
/// Memory of workers as the kernel tells it. `evil-reload-on-rss` and `evil-reload-on-as`: kills those that use too much, in the middle of whatever they do.
/// </summary>
internal static class MemoryWatch
{
    private const int ResidentField = 1;

    /// <summary>Between two looks, as in uWSGI.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static bool IsAsked(WorkerLimits limits) => limits.ResidentToKill > 0 || limits.AddressSpaceToKill > 0;

    public static void Look(Worker worker, WorkerLimits limits, ILogger log)
    {
        if (worker.Pid == 0 || !TryRead(worker.Pid, out long space, out long resident))
            return;
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

    /// <summary>proc(5), statm: sizes in pages. False: it has gone.</summary>
    private static bool TryRead(int pid, out long space, out long resident)
    {
        space = resident = 0;
        try
        {
            string[] fields = File.ReadAllText($"/proc/{pid}/statm").Split(' ');
            space = long.Parse(fields[0]) * Environment.SystemPageSize;
            resident = long.Parse(fields[ResidentField]) * Environment.SystemPageSize;
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
