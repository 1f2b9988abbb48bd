using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace OneServe.Posix;

/// <summary>Calls about processes: waiting, killing, and what a process sets for itself before it becomes another program.</summary>
public static unsafe partial class ProcessCalls
{
    private const int ParentDeathSignal = 1;     // PR_SET_PDEATHSIG
    private const int Name = 15;                 // PR_SET_NAME
    private const int ChildSubreaper = 36;       // PR_SET_CHILD_SUBREAPER
    private const int OrdinaryPolicy = 0;        // SCHED_OTHER
    private const int BatchPolicy = 3;           // SCHED_BATCH
    private const int SetMask = 2;               // SIG_SETMASK

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [LibraryImport("libc")]
    private static partial int execve(byte* path, byte** arguments, byte** environment);

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);

    [LibraryImport("libc")]
    private static partial int sigprocmask(int how, byte* signals, byte* old);

    [LibraryImport("libc")]
    private static partial int sched_setscheduler(int pid, int policy, int* priority);

    [LibraryImport("libc")]
    private static partial int waitpid(int pid, int* status, int options);

    /// <summary>This process's id.</summary>
    public static int Id => Environment.ProcessId;

    /// <summary>The parent's id; 1, or a subreaper's, when the parent has gone.</summary>
    public static int ParentId => Syscall.getppid();

    /// <summary>Orphaned descendants become this process's children (PR_SET_CHILD_SUBREAPER).</summary>
    public static SysResult BecomeSubreaper() => SysResult.Of(prctl(ChildSubreaper, 1, 0, 0, 0));

    /// <summary>The kernel sends <paramref name="signalNumber"/> when the thread that spawned this process ends. A change of credentials clears it.</summary>
    public static SysResult SetParentDeathSignal(int signalNumber) => SysResult.Of(prctl(ParentDeathSignal, (nuint)signalNumber, 0, 0, 0));

    /// <summary>The program's name in top and /proc/PID/comm, at most 15 bytes; without it, one started through /proc/self/exe is "exe".</summary>
    public static void SetName(ReadOnlySpan<byte> name)
    {
        byte* terminated = stackalloc byte[16];
        new Span<byte>(terminated, 16).Clear();
        name[..Math.Min(name.Length, 15)].CopyTo(new Span<byte>(terminated, 15));
        prctl(Name, (nuint)terminated, 0, 0, 0);
    }

    /// <summary>
    /// SCHED_BATCH or SCHED_OTHER for a thread, 0 for the calling one. In the batch class a woken thread preempts nobody. Needs no privilege for
    /// threads of the same user; inherited by children.
    /// </summary>
    public static SysResult UseBatchScheduling(int thread, bool on)
    {
        int priority = 0;
        return SysResult.Of(sched_setscheduler(thread, on ? BatchPolicy : OrdinaryPolicy, &priority));
    }

    /// <summary>kill(2); ESRCH means that it has gone already.</summary>
    public static SysResult Kill(int pid, int signalNumber)
        => Syscall.kill(pid, (Signum)signalNumber) == 0 ? SysResult.Succeeded(0) : SysResult.Failed(Marshal.GetLastPInvokeError());

    /// <summary>Blocks until any child has ended. ECHILD: there is none.</summary>
    public static SysResult WaitForAnyChild(out ExitStatus status)
    {
        int raw = 0;
        SysResult result;
        do
            result = SysResult.Of(waitpid(-1, &raw, 0));
        while (result.Errno == Errno.EINTR);
        status = ExitStatus.Decode(raw);
        return result;
    }

    /// <summary>Gives a signal its default disposition; true when it had been ignored.</summary>
    public static bool ResetIgnored(int number) => signal(number, 0) == 1; // SIG_IGN

    /// <summary>All dispositions to default and an empty mask: ignored signals and masks survive execve(2).</summary>
    public static void ResetSignals()
    {
        for (int number = 1; number <= Signals.Highest; number++)
        {
            if (number is not (Signals.Kill or Signals.Stop))
                signal(number, 0);
        }
        byte* none = stackalloc byte[128];
        new Span<byte>(none, 128).Clear();
        sigprocmask(SetMask, none, null);
    }

    /// <summary>execve(2) with this process's environment. Returns only when it fails.</summary>
    public static SysResult Execute(string path, IReadOnlyList<string> arguments)
    {
        using var argumentVector = new NativeStringVector(arguments);
        using var environment = new NativeStringVector(EnvironmentList());
        nint native = Marshal.StringToCoTaskMemUTF8(path);
        var result = SysResult.Of(execve((byte*)native, argumentVector.Pointer, environment.Pointer));
        Marshal.FreeCoTaskMem(native);
        return result;
    }

    /// <summary>This process's environment as `KEY=value`.</summary>
    public static List<string> EnvironmentList()
    {
        var list = new List<string>();
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
            list.Add($"{entry.Key}={entry.Value}");
        return list;
    }
}
