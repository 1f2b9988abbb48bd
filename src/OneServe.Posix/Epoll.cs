using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>epoll(7).</summary>
public static unsafe partial class Epoll
{
    private const int CloseOnExec = 0x80000; // EPOLL_CLOEXEC
    private const int AddOperation = 1;
    private const int RemoveOperation = 2;
    private const int ModifyOperation = 3;

    [LibraryImport("libc")]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc"), SuppressGCTransition]
    private static partial int epoll_ctl(int epoll, int operation, int descriptor, EpollEvent* registration);

    [LibraryImport("libc")]
    private static partial int epoll_wait(int epoll, EpollEvent* events, int capacity, int timeout);

    /// <summary>A new epoll instance, close-on-exec.</summary>
    public static SafeDescriptor Create() => new((int)SysResult.Of(epoll_create1(CloseOnExec)).OrThrow("epoll_create1"));

    public static SysResult Add(int epoll, int descriptor, EpollEvents events, ulong token)
        => Control(epoll, AddOperation, descriptor, events, token);

    /// <summary>Replaces a registration; an edge-triggered one reports again what is ready now.</summary>
    public static SysResult Modify(int epoll, int descriptor, EpollEvents events, ulong token)
        => Control(epoll, ModifyOperation, descriptor, events, token);

    public static SysResult Remove(int epoll, int descriptor) => Control(epoll, RemoveOperation, descriptor, EpollEvents.None, 0);

    /// <summary>Waits for at most <paramref name="timeout"/> ms (-1: without end). The number of events; EINTR is reported, not retried.</summary>
    public static SysResult Wait(int epoll, EpollEvent* events, int capacity, int timeout)
        => SysResult.Of(epoll_wait(epoll, events, capacity, timeout));

    private static SysResult Control(int epoll, int operation, int descriptor, EpollEvents events, ulong token)
    {
        var registration = new EpollEvent { Events = events, Token = token };
        return SysResult.Of(epoll_ctl(epoll, operation, descriptor, &registration));
    }
}
