using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>Signals to one thread of another process.</summary>
public static partial class ThreadSignals
{
    private static readonly int Number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 131 : 234;

    // By number: glibc has a function of that name since 2.30 only.
    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Call(nint number, nint process, nint thread, nint signal);

    /// <summary>tgkill(2). ESRCH: the thread has ended, or is none of that process.</summary>
    public static SysResult Send(int process, int thread, int signal) => SysResult.Of((int)Call(Number, process, thread, signal));
}
