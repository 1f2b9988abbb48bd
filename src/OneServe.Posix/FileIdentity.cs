using Mono.Unix.Native;

namespace OneServe.Posix;

/// <summary>Which file a path named at some time: device and inode. A path that names another file by now is somebody else's.</summary>
public readonly record struct FileIdentity(ulong Device, ulong Inode)
{
    /// <summary>The file that a path names, a link not followed; null when there is none.</summary>
    public static FileIdentity? Of(string path)
        => Syscall.lstat(path, out var status) == 0 ? new FileIdentity(status.st_dev, status.st_ino) : null;

    /// <summary>The file behind a descriptor.</summary>
    public static FileIdentity? Of(SafeDescriptor file)
        => Syscall.fstat(file.Number, out var status) == 0 ? new FileIdentity(status.st_dev, status.st_ino) : null;
}
