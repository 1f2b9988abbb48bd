using System.Runtime.InteropServices;
using Mono.Unix.Native;
using OneServe.Posix;

namespace OneServe.Master.Logging;

/// <summary>How a log file is opened: at its end, made when it is missing, with owner and mode as asked.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Mode">`logfile-chmod`; null: 640 for a new file, any other keeps its own.</param>
/// <param name="Owner">`logfile-chown`; null: who makes it.</param>
internal sealed record LogFile(string Path, int? Mode, Credentials? Owner)
{
    private const FilePermissions NewFile = FilePermissions.S_IRUSR | FilePermissions.S_IWUSR | FilePermissions.S_IRGRP;

    /// <summary>A descriptor, or the errno of what failed.</summary>
    /// <param name="truncates">What is in it is thrown away.</param>
    public SysResult Open(bool truncates = false)
    {
        // Without waiting: a named pipe that nobody reads is an error, not the end of all logging.
        var flags = OpenFlags.O_WRONLY | OpenFlags.O_APPEND | OpenFlags.O_CREAT | OpenFlags.O_CLOEXEC | OpenFlags.O_NOCTTY | OpenFlags.O_NONBLOCK;
        int opened = Syscall.open(Path, truncates ? flags | OpenFlags.O_TRUNC : flags, NewFile);
        if (opened < 0)
            return SysResult.Failed(Marshal.GetLastPInvokeError());
        bool isFile = Syscall.fstat(opened, out var status) == 0 && (status.st_mode & FilePermissions.S_IFMT) == FilePermissions.S_IFREG;
        if (isFile && !IsAsAsked(opened))
        {
            var failed = SysResult.Failed(Marshal.GetLastPInvokeError());
            Descriptors.Close(opened);
            return failed;
        }
        return SysResult.Succeeded(opened);
    }

    private bool IsAsAsked(int file)
        => (Mode is not { } mode || Syscall.fchmod(file, (FilePermissions)mode) == 0)
            && (Owner is not { } owner || Syscall.fchown(file, owner.UserId, owner.GroupId) == 0);
}
