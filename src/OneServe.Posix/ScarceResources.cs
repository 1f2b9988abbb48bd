namespace OneServe.Posix;

/// <summary>Words for a process that cannot live within its limits (setrlimit(2)).</summary>
public static class ScarceResources
{
    private const long Megabyte = 1 << 20;

    /// <summary>A library that is not found does not tell why: with fewer descriptors than this, that is the cause. A start takes about 40.</summary>
    private const int FewFiles = 64;

    /// <summary>What to tell, when the error comes from a limit of descriptors, memory or processes; else null.</summary>
    public static string? Explain(Exception error) => error switch
    {
        SystemCallException { Errno: Errno.EMFILE } call => $"{call.Message}: {OpenFiles}",
        SystemCallException { Errno: Errno.ENFILE } call => $"{call.Message}: the whole machine has no more (sysctl fs.file-max).",
        SystemCallException { Errno: Errno.EAGAIN } call => $"{call.Message}: no more processes (ulimit -u, TasksMax= of systemd, pids.max of the container).",
        SystemCallException { Errno: Errno.ENOMEM } call => $"{call.Message}. {Memory()}",
        DllNotFoundException when ResourceLimits.OpenFiles < FewFiles => $"A library cannot be opened: {OpenFiles}",
        DllNotFoundException or OutOfMemoryException => $"Out of memory or descriptors. {Memory()}",
        _ => null,
    };

    private static string OpenFiles =>
        $"this process may have {ResourceLimits.OpenFiles} open files only. Raise it (ulimit -n, LimitNOFILE= of systemd).";

    private static string Memory() => ResourceLimits.AddressSpace is >= 0 and var limit
        ? $"This process may have {limit / Megabyte} MB of address space (ulimit -v, LimitAS= of systemd); it needs some 2000 MB, most of them never used."
        : "Give the machine or the container more memory.";
}
