using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace OneServe.Posix;

/// <summary>Reading, writing, duplicating and closing descriptors. Every descriptor made here is close-on-exec.</summary>
public static unsafe partial class Descriptors
{
    private const int DuplicateCloseOnExec = 1030; // F_DUPFD_CLOEXEC
    private const int GetDescriptorFlags = 1;      // F_GETFD
    private const int CloseOnExecDescriptor = 1;   // FD_CLOEXEC
    private const int GetFlags = 3;                // F_GETFL
    private const int SetFlags = 4;                // F_SETFL
    private const int SetOwner = 8;                // F_SETOWN
    private const int SetSignal = 10;              // F_SETSIG
    private const int AsynchronousFlag = 0x2000;   // O_ASYNC
    private const int SetPipeSize = 1031;          // F_SETPIPE_SZ
    private const int NonBlockingFlag = 0x800;     // O_NONBLOCK
    private const int CloseOnExecFlag = 0x80000;   // O_CLOEXEC

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [LibraryImport("libc"), SuppressGCTransition]
    private static partial int fcntl(int descriptor, int command, nint argument);

    [LibraryImport("libc")]
    private static partial nint read(int descriptor, byte* buffer, nint length);

    [LibraryImport("libc")]
    private static partial nint write(int descriptor, byte* buffer, nint length);

    [LibraryImport("libc")]
    private static partial int dup2(int descriptor, int target);

    [LibraryImport("libc")]
    private static partial int pipe2(int* descriptors, int flags);

    [LibraryImport("libc")]
    private static partial int eventfd(uint initial, int flags);

    /// <summary>close(2). Not retried on EINTR: Linux has released the descriptor by then.</summary>
    public static SysResult Close(int descriptor) => SysResult.Of(close(descriptor));

    /// <summary>A duplicate, close-on-exec, with a number of at least <paramref name="lowest"/>.</summary>
    public static SysResult Duplicate(int descriptor, int lowest = 3) => SysResult.Of(fcntl(descriptor, DuplicateCloseOnExec, lowest));

    /// <summary>
    /// Open, and inherited through execve(2): all that this program opens is close-on-exec, so what is not was there before it.
    /// </summary>
    public static bool IsInherited(int descriptor)
    {
        var flags = SysResult.Of(fcntl(descriptor, GetDescriptorFlags, 0));
        return !flags.IsError && (flags.Int & CloseOnExecDescriptor) == 0;
    }

    /// <summary>read(2), EINTR retried.</summary>
    public static SysResult Read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* p = buffer)
        {
            SysResult result;
            do
                result = SysResult.Of(read(descriptor, p, buffer.Length));
            while (result.Errno == Errno.EINTR);
            return result;
        }
    }

    /// <summary>write(2), EINTR retried; may write less than asked.</summary>
    public static SysResult Write(int descriptor, ReadOnlySpan<byte> buffer)
    {
        fixed (byte* p = buffer)
        {
            SysResult result;
            do
                result = SysResult.Of(write(descriptor, p, buffer.Length));
            while (result.Errno == Errno.EINTR);
            return result;
        }
    }

    /// <summary>Sets or clears O_NONBLOCK.</summary>
    public static SysResult SetNonBlocking(int descriptor, bool on)
    {
        var flags = SysResult.Of(fcntl(descriptor, GetFlags, 0));
        if (flags.IsError)
            return flags;
        int wanted = on ? flags.Int | NonBlockingFlag : flags.Int & ~NonBlockingFlag;
        return SysResult.Of(fcntl(descriptor, SetFlags, wanted));
    }

    /// <summary>
    /// The kernel sends the signal to every process of a group when there is something to read, or the other end is closed (fcntl(2), F_SETSIG).
    /// </summary>
    public static SysResult SignalGroup(int descriptor, int group, int signalNumber)
    {
        fcntl(descriptor, SetOwner, -group);
        fcntl(descriptor, SetSignal, signalNumber);
        var flags = SysResult.Of(fcntl(descriptor, GetFlags, 0));
        return flags.IsError ? flags : SysResult.Of(fcntl(descriptor, SetFlags, flags.Int | AsynchronousFlag));
    }

    /// <summary>A pipe; both ends close-on-exec and blocking.</summary>
    public static (SafeDescriptor Read, SafeDescriptor Write) Pipe()
    {
        int* ends = stackalloc int[2];
        SysResult.Of(pipe2(ends, CloseOnExecFlag)).OrThrow("pipe2");
        return (new SafeDescriptor(ends[0]), new SafeDescriptor(ends[1]));
    }

    /// <summary>Gives a pipe room for so many bytes, or fails and leaves it as it is.</summary>
    public static SysResult Resize(int pipe, int bytes) => SysResult.Of(fcntl(pipe, SetPipeSize, bytes));

    /// <summary>dup2(2): <paramref name="target"/> becomes another name of <paramref name="descriptor"/>, and is inherited.</summary>
    public static SysResult Replace(int target, int descriptor) => SysResult.Of(dup2(descriptor, target));

    /// <summary>`/dev/null`, to read nothing from and to write into nothing.</summary>
    /// <exception cref="SystemCallException">No descriptors.</exception>
    public static SafeDescriptor OpenNothing()
        => new((int)SysResult.Of(Syscall.open("/dev/null", OpenFlags.O_RDWR | OpenFlags.O_CLOEXEC)).OrThrow("open(/dev/null)"));

    /// <summary>An eventfd(2), non-blocking, close-on-exec.</summary>
    public static SafeDescriptor Event() => new((int)SysResult.Of(eventfd(0, NonBlockingFlag | CloseOnExecFlag)).OrThrow("eventfd"));

    /// <summary>Adds one to an eventfd: whoever polls it wakes.</summary>
    public static void Signal(int descriptor)
    {
        ulong one = 1;
        Write(descriptor, new ReadOnlySpan<byte>(&one, sizeof(ulong)));
    }
}
