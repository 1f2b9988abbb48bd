using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>Starts processes by posix_spawn(3): no fork of the managed runtime, nothing inherited that was not listed.</summary>
public static unsafe partial class Spawn
{
    // POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID (spawn.h of glibc)
    private const short Flags = 0x04 | 0x08 | 0x80;

    // Sizes of glibc's opaque types are 80, 336 and 128 bytes on the 64-bit architectures.
    private const int ActionsSize = 256;
    private const int AttributesSize = 512;
    private const int SignalSetSize = 128;

    [LibraryImport("libc")]
    private static partial int posix_spawn(int* pid, byte* path, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_adddup2(byte* actions, int descriptor, int target);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_addclosefrom_np(byte* actions, int from);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigmask(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int sigemptyset(byte* signals);

    [LibraryImport("libc")]
    private static partial int sigfillset(byte* signals);

    /// <summary>
    /// Starts a process in a session of its own, with default signal dispositions (.NET ignores SIGPIPE, which would be inherited) and an
    /// empty signal mask. Returns its pid, or the errno of what failed, execve included.
    /// </summary>
    /// <remarks>PR_SET_PDEATHSIG follows the spawning thread, not the process: spawn from a thread that lives as long as the process.</remarks>
    public static SysResult Start(SpawnRequest request)
    {
        byte* actions = stackalloc byte[ActionsSize];
        byte* attributes = stackalloc byte[AttributesSize];
        byte* signals = stackalloc byte[SignalSetSize];
        posix_spawn_file_actions_init(actions);
        posix_spawnattr_init(attributes);
        var lifted = new List<SafeDescriptor>(request.Descriptors.Count);
        nint path = Marshal.StringToCoTaskMemUTF8(request.Path);
        using var arguments = new NativeStringVector(request.Arguments);
        using var environment = new NativeStringVector(request.Environment);
        try
        {
            int highest = request.Descriptors.Max(static mapping => mapping.Target);
            foreach (var mapping in request.Descriptors)
            {
                // Sources are lifted above all targets first: no dup2 overwrites a source that is still needed, and
                // none has equal numbers, where dup2 would leave close-on-exec set.
                var duplicate = Descriptors.Duplicate(mapping.Source, highest + 1);
                if (duplicate.IsError)
                    return duplicate;
                lifted.Add(new SafeDescriptor(duplicate.Int));
                posix_spawn_file_actions_adddup2(actions, duplicate.Int, mapping.Target);
            }
            posix_spawn_file_actions_addclosefrom_np(actions, highest + 1);
            sigemptyset(signals);
            posix_spawnattr_setsigmask(attributes, signals);
            sigfillset(signals);
            posix_spawnattr_setsigdefault(attributes, signals);
            posix_spawnattr_setflags(attributes, Flags);
            int pid;
            int error = posix_spawn(&pid, (byte*)path, actions, attributes, arguments.Pointer, environment.Pointer);
            return error == 0 ? SysResult.Succeeded(pid) : SysResult.Failed(error);
        }
        finally
        {
            foreach (var descriptor in lifted)
                descriptor.Dispose();
            Marshal.FreeCoTaskMem(path);
            posix_spawn_file_actions_destroy(actions);
            posix_spawnattr_destroy(attributes);
        }
    }
}
