using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Mono.Unix.Native;
using OneServe.Configuration;
using OneServe.Posix;

namespace OneServe.Master.Hooks;

/// <summary>
/// The actions of hooks that are no commands, in a process of their own: as the user of their stage, and where a signal ends what takes long.
/// </summary>
public static class HookActions
{
    private const FilePermissions AnyMode = (FilePermissions)0x1B6; // 0666
    private const FilePermissions AnyDirectory = (FilePermissions)0x1FF; // 0777

    /// <summary>As uWSGI has it.</summary>
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    /// <summary>The process's arguments, argv[0] included.</summary>
    internal static string[] Arguments(HookOptions hook) => [ProcessTitles.Action, ((int)hook.Action).ToString(CultureInfo.InvariantCulture), hook.Argument];

    /// <summary>Does what <see cref="Arguments"/> says.</summary>
    /// <param name="arguments">Without argv[0].</param>
    /// <returns>The exit code: 0, or the errno of what failed.</returns>
    public static int Run(string[] arguments)
    {
        if (arguments is not [var number, var argument] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int action))
            return Posix.Errno.EINVAL;
        var (file, text) = argument.Split(' ', 2) is [var first, var rest] ? (first, rest) : (argument, "");
        return (HookAction)action switch
        {
            HookAction.MakeDirectory => MakeDirectory(argument),
            HookAction.Unlink => Of(Syscall.unlink(argument)),
            HookAction.Create => Write(argument, OpenFlags.O_TRUNC, ""),
            HookAction.Touch => Touch(argument),
            HookAction.Write => Write(file, OpenFlags.O_TRUNC, text),
            HookAction.WriteLine => Write(file, OpenFlags.O_TRUNC, text + "\n"),
            HookAction.Append => Write(file, OpenFlags.O_APPEND, text),
            HookAction.AppendLine => Write(file, OpenFlags.O_APPEND, text + "\n"),
            HookAction.WritePipe => WritePipe(file, text),
            HookAction.ChangeMode => Of(Syscall.chmod(file, (FilePermissions)Convert.ToInt32(text, 8))),
            HookAction.ChangeOwner => ChangeOwner(argument.Split(' ', 3)),
            HookAction.MakeSticky => MakeSticky(argument),
            HookAction.WaitForPath => WaitFor(() => File.Exists(argument) || Directory.Exists(argument)),
            HookAction.WaitForFile => WaitFor(() => File.Exists(argument)),
            HookAction.WaitForDirectory => WaitFor(() => Directory.Exists(argument)),
            _ => Posix.Errno.EINVAL,
        };
    }

    private static int Of(int result) => result == 0 ? 0 : Failed();

    private static int Failed() => Math.Max(1, Marshal.GetLastPInvokeError());

    /// <summary>One that is there is as good: hooks run again at a reload.</summary>
    private static int MakeDirectory(string path)
    {
        int failed = Of(Syscall.mkdir(path, AnyDirectory));
        return failed == Posix.Errno.EEXIST && Directory.Exists(path) ? 0 : failed;
    }

    private static int Touch(string path)
    {
        int failed = Write(path, OpenFlags.O_APPEND, "");
        // Not the present time by our clock: it may differ from the file system's.
        return failed != 0 ? failed : Of(Syscall.utimes(path, null));
    }

    private static int Write(string path, OpenFlags how, string text)
        => WriteTo(Syscall.open(path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_CLOEXEC | how, AnyMode), text);

    /// <summary>Nobody reads: nothing to be done, as in uWSGI.</summary>
    private static int WritePipe(string path, string text)
    {
        int failed = WriteTo(Syscall.open(path, OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK | OpenFlags.O_CLOEXEC), text);
        return failed is Posix.Errno.ENXIO or Posix.Errno.ENODEV ? 0 : failed;
    }

    private static int WriteTo(int opened, string text)
    {
        if (opened < 0)
            return Failed();
        using var descriptor = new SafeDescriptor(opened);
        var rest = Encoding.UTF8.GetBytes(text).AsSpan();
        while (!rest.IsEmpty)
        {
            var written = Descriptors.Write(descriptor.Number, rest);
            if (written.IsError)
                return written.Errno;
            rest = rest[written.Int..];
        }
        return 0;
    }

    private static int ChangeOwner(string[] words)
    {
        if (words is not [var path, var user, var group] || Credentials.FindUser(user) is not { } entry || Credentials.FindGroup(group) is not { } groupId)
            return Posix.Errno.EINVAL;
        return Of(Syscall.chown(path, entry.Id, groupId));
    }

    private static int MakeSticky(string path)
    {
        int failed = Of(Syscall.stat(path, out var status));
        return failed != 0 ? failed : Of(Syscall.chmod(path, (status.st_mode & (FilePermissions)0xFFF) | FilePermissions.S_ISVTX));
    }

    private static int WaitFor(Func<bool> isThere)
    {
        var clock = Stopwatch.StartNew();
        while (!isThere())
        {
            if (clock.Elapsed > WaitLimit)
                return Posix.Errno.ETIMEDOUT;
            Thread.Sleep(LookAgain);
        }
        return 0;
    }
}
