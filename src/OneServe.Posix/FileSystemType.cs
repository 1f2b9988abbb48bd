using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>The kind of file system that holds a path (statfs(2)).</summary>
public static unsafe partial class FileSystemType
{
    private const int StatfsSize = 256; // struct statfs takes 120 bytes, its first word is f_type

    /// <summary>
    /// Others than this kernel change what is there, and inotify(7) does not tell: network file systems, and those of user space, through which
    /// virtual machines and containers see a directory of their host. An overlay does not tell of what changes in its layers.
    /// </summary>
    private static readonly HashSet<uint> ChangedByOthers =
    [
        0x6969,     // NFS
        0x517B,     // SMB
        0xFF534D42, // CIFS
        0xFE534D42, // SMB 2 and later
        0x01021997, // 9P: virtual machines, WSL
        0x65735546, // FUSE, virtiofs
        0x00C36400, // Ceph
        0x5346414F, // AFS
        0x786F4256, // VirtualBox
        0xBACBACBC, // VMware
        0x794C7630, // overlay
    ];

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statfs(string path, byte* buffer);

    /// <summary>True where changes may come that inotify(7) does not tell of; false when the path cannot be looked at.</summary>
    public static bool IsChangedByOthers(string path)
    {
        byte* buffer = stackalloc byte[StatfsSize];
        return !SysResult.Of(statfs(path, buffer)).IsError && ChangedByOthers.Contains(*(uint*)buffer);
    }
}
