using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>Tells that something has happened in one of some directories (inotify(7)); what, is to be looked up there.</summary>
public sealed partial class FileWatch : IDisposable
{
    private const int Flags = 0x800 | 0x80000; // IN_NONBLOCK | IN_CLOEXEC

    // IN_ATTRIB | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE
    private const uint Events = 0x4 | 0x8 | 0x40 | 0x80 | 0x100 | 0x200;

    private readonly SafeDescriptor _descriptor = new((int)SysResult.Of(inotify_init1(Flags)).OrThrow("inotify_init1"));

    /// <summary>Readable when something has happened.</summary>
    public int Descriptor => _descriptor.Number;

    [LibraryImport("libc")]
    private static partial int inotify_init1(int flags);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int inotify_add_watch(int descriptor, string path, uint events);

    /// <summary>Watches what happens in a directory. ENOENT: it does not exist; ENOSPC: the user has too many watches.</summary>
    public SysResult Add(string directory) => SysResult.Of(inotify_add_watch(_descriptor.Number, directory, Events));

    /// <summary>Takes what has been told up to now.</summary>
    public void Clear()
    {
        Span<byte> events = stackalloc byte[4096];
        while (Descriptors.Read(_descriptor.Number, events) is { IsError: false, Int: > 0 })
        {
        }
    }

    public void Dispose() => _descriptor.Dispose();
}
