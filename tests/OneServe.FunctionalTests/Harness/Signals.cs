using System.ComponentModel;
using System.Runtime.InteropServices;

namespace OneServe.FunctionalTests.Harness;

/// <summary>Signals, with the kernel's numbers on Linux.</summary>
internal enum Signal
{
    Hup = 1,
    Int = 2,
    Quit = 3,
    Kill = 9,
    User1 = 10,
    Term = 15,
    Cont = 18,
    Stop = 19,
    TerminalStop = 20,
}

/// <summary>kill(2) and what else the tests need of libc.</summary>
internal static partial class Signals
{
    private const int NoSuchProcess = 3;

    public static bool IsRoot { get; } = GetEffectiveUser() == 0;

    /// <summary>Sends a signal to one process; one that has gone already is no error.</summary>
    public static void Send(int pid, Signal signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pid, 2);
        if (Kill(pid, (int)signal) != 0 && Marshal.GetLastPInvokeError() is var errno && errno != NoSuchProcess)
        {
            throw new Win32Exception(errno, $"kill({pid}, {signal})");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();
}
