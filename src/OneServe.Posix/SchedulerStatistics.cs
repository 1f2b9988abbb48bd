using System.Buffers.Text;
using System.Text;

namespace OneServe.Posix;

/// <summary>/proc/thread-self/schedstat: how long a thread has run and waited (Documentation/scheduler/sched-stats.rst).</summary>
public static class SchedulerStatistics
{
    /// <summary>Opens the figures of the calling thread; any thread may read them then.</summary>
    public static SafeDescriptor OpenForThisThread()
    {
        int descriptor = Mono.Unix.Native.Syscall.open("/proc/thread-self/schedstat", Mono.Unix.Native.OpenFlags.O_RDONLY | Mono.Unix.Native.OpenFlags.O_CLOEXEC);
        return new SafeDescriptor(descriptor);
    }

    /// <summary>Reads "running waiting slices". False where the kernel does not keep these figures.</summary>
    /// <param name="file">From <see cref="OpenForThisThread"/>.</param>
    /// <param name="waited">ns spent waiting for a CPU.</param>
    /// <param name="slices">Times that a CPU was given.</param>
    public static bool TryRead(SafeDescriptor file, out long waited, out long slices)
    {
        waited = slices = 0;
        if (file.IsInvalid)
            return false;
        Span<byte> buffer = stackalloc byte[96];
        var read = PositionedReads.ReadAt(file.Number, buffer, 0);
        if (read.IsError)
            return false;
        ReadOnlySpan<byte> text = buffer[..read.Int];
        return TryNext(ref text, out _) && TryNext(ref text, out waited) && TryNext(ref text, out slices);
    }

    private static bool TryNext(ref ReadOnlySpan<byte> text, out long number)
    {
        text = text[Ascii.Trim(text).Start.GetOffset(text.Length)..];
        if (!Utf8Parser.TryParse(text, out number, out int length))
            return false;
        text = text[length..];
        return true;
    }
}
