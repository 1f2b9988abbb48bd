using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>What somebody else may do with a path, answered by the kernel: modes, ACLs and all directories above it included.</summary>
public static unsafe partial class AccessCheck
{
    private const int Execute = 1; // X_OK
    private const int Read = 4;    // R_OK
    private const nint Keep = -1;

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint setgroups(nint number, nint count, uint* groups);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint setres(nint number, nint real, nint effective, nint saved);

    /// <summary>Whether files below a directory, or a file itself, can be reached and read.</summary>
    /// <param name="who">Null: this process's own user.</param>
    /// <param name="path">A directory, whose files are to be read by name, or a file.</param>
    public static SysResult CanServe(Credentials? who, string path)
    {
        int mode = Directory.Exists(path) ? Execute : Read;
        if (who is null)
            return SysResult.Of(access(path, mode));
        // The kernel's credentials are a thread's; only the C library's wrappers spread them. access(2) asks with the real ids, so the
        // effective ones stay, and a thread of its own takes the changed ones with it when it ends.
        var result = SysResult.Succeeded(0);
        var thread = new Thread(() => result = BecomeReally(who) ? SysResult.Of(access(path, mode)) : result);
        thread.Start();
        thread.Join();
        return result;
    }

    /// <summary>False where this is forbidden: then starting a process as that user fails, too, and says so.</summary>
    private static bool BecomeReally(Credentials who)
    {
        bool arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        uint[] groups = [.. who.Groups];
        fixed (uint* list = groups)
        {
            return setgroups(arm ? 159 : 116, groups.Length, list) == 0
                && setres(arm ? 149 : 119, (nint)who.GroupId, Keep, Keep) == 0
                && setres(arm ? 147 : 117, (nint)who.UserId, Keep, Keep) == 0;
        }
    }
}
