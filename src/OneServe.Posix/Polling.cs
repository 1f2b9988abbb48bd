using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>poll(2), for loops with few descriptors and little to do.</summary>
public static unsafe partial class Polling
{
    [LibraryImport("libc")]
    private static partial int poll(PollEntry* entries, nuint count, int timeout);

    /// <summary>Waits for any of the entries. EINTR counts as a time-out: the caller's loop looks at its clock anyway.</summary>
    /// <param name="entries">What to wait for; <see cref="PollEntry.Returned"/> is filled in.</param>
    /// <param name="timeout">Milliseconds; negative: without end.</param>
    public static SysResult Wait(Span<PollEntry> entries, int timeout)
    {
        fixed (PollEntry* p = entries)
        {
            var result = SysResult.Of(poll(p, (nuint)entries.Length, timeout));
            if (result.IsError)
            {
                foreach (ref var entry in entries)
                    entry.Returned = PollEvents.None;
            }
            return result.Errno == Errno.EINTR ? SysResult.Succeeded(0) : result;
        }
    }

    /// <summary>Blocks until there is something to read, or the end; may return early.</summary>
    public static void WaitReadable(int descriptor) => Wait([new PollEntry { Descriptor = descriptor, Wanted = PollEvents.Readable }], -1);
}

/// <summary>struct pollfd.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PollEntry
{
    public int Descriptor;
    public PollEvents Wanted;
    public PollEvents Returned;
}

[Flags]
public enum PollEvents : short
{
    None = 0,
    Readable = 1,
    Writable = 4,
    Error = 8,
    HungUp = 16,
}
