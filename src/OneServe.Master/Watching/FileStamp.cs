using Mono.Unix.Native;

namespace OneServe.Master.Watching;

/// <summary>Tells two states of a file apart: which file is at the path, its size, and when it was written (seconds since 1970 and nanoseconds).</summary>
internal readonly record struct FileStamp(ulong Device, ulong Inode, long Size, long Seconds, long Nanoseconds)
{
    /// <summary>Of what the path leads to; null when nothing is there.</summary>
    public static FileStamp? Of(string path) => Syscall.stat(path, out var status) == 0
        ? new FileStamp(status.st_dev, status.st_ino, status.st_size, status.st_mtime, status.st_mtime_nsec)
        : null;

    /// <summary>It was written at this time or later.</summary>
    public bool IsSince(DateTimeOffset time)
    {
        long seconds = time.ToUnixTimeSeconds();
        return Seconds > seconds || (Seconds == seconds && Nanoseconds >= (time - DateTimeOffset.FromUnixTimeSeconds(seconds)).TotalNanoseconds);
    }
}
