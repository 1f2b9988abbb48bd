using System.Runtime.InteropServices;
using System.Text;

namespace OneServe.Posix;

/// <summary>inotify(7): the kernel tells of changes in directories.</summary>
public static unsafe partial class Inotify
{
    private const int CloseOnExec = 0x80000; // IN_CLOEXEC
    private const int NonBlocking = 0x800;   // IN_NONBLOCK
    private const int EventSize = 16;        // struct inotify_event without its name
    private const int BufferSize = 16 * 1024;

    [LibraryImport("libc")]
    private static partial int inotify_init1(int flags);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int inotify_add_watch(int inotify, string path, uint events);

    [LibraryImport("libc")]
    private static partial int inotify_rm_watch(int inotify, int watch);

    /// <summary>A new instance, non-blocking and close-on-exec. EMFILE: the user has as many as fs.inotify.max_user_instances allows.</summary>
    public static SysResult Create() => SysResult.Of(inotify_init1(NonBlocking | CloseOnExec));

    /// <summary>
    /// The number of the watch on a directory; the one it has already where another path leads to the same directory. ENOSPC: the user has as many
    /// as fs.inotify.max_user_watches allows.
    /// </summary>
    public static SysResult Watch(int inotify, string path, InotifyEvents events) => SysResult.Of(inotify_add_watch(inotify, path, (uint)events));

    /// <summary>Ends a watch. <see cref="InotifyEvents.Ended"/> follows.</summary>
    public static SysResult Unwatch(int inotify, int watch) => SysResult.Of(inotify_rm_watch(inotify, watch));

    /// <summary>Appends the events that wait, as many as fit a buffer.</summary>
    /// <returns>False when none are left.</returns>
    public static bool Read(int inotify, List<InotifyEvent> events)
    {
        byte* buffer = stackalloc byte[BufferSize];
        var read = Descriptors.Read(inotify, new Span<byte>(buffer, BufferSize));
        if (read.IsError || read.Int == 0)
            return false;
        for (int at = 0; at + EventSize <= read.Int;)
        {
            int length = *(int*)(buffer + at + 12);
            var name = new ReadOnlySpan<byte>(buffer + at + EventSize, length);
            int end = name.IndexOf((byte)0);
            events.Add(new InotifyEvent(*(int*)(buffer + at), *(InotifyEvents*)(buffer + at + 4), Encoding.UTF8.GetString(end < 0 ? name : name[..end])));
            at += EventSize + length;
        }
        return true;
    }
}
