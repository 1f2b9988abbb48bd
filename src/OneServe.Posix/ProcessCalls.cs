using System.Globalization;
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
    private const int AnyChild = 0;              // P_ALL
    private const int Exited = 4;                // WEXITED
    private const int LeaveIt = 0x1000000;       // WNOWAIT
    private const int InformationSize = 128;     // sizeof(siginfo_t)
    private const int PidInInformation = 4;      // si_pid, in ints: three fields and padding before it

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
    private static partial uint umask(uint mask);

    [LibraryImport("libc")]
    private static partial int waitid(int kind, int id, int* information, int options);

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

    /// <summary>The calling thread's name; the main thread's is the program's in top and /proc/PID/comm, at most 15 bytes; without it, one started through /proc/self/exe is "exe".</summary>
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

    /// <summary>kill(2) for a process group; ESRCH means that nobody of it is left.</summary>
    public static SysResult KillGroup(int group, int signalNumber) => Kill(-group, signalNumber);

    /// <summary>Sets the bits of the mode that files made from now on do not get (umask(2)). Inherited by children.</summary>
    public static void SetCreationMask(int mask) => umask((uint)mask);

    /// <summary>Blocks until any child has ended; its pid, which stays taken until <see cref="Reap"/>. ECHILD: there is none.</summary>
    public static SysResult WaitForAnyEnd()
    {
        int* information = stackalloc int[InformationSize / sizeof(int)];
        SysResult result;
        do
            result = SysResult.Of(waitid(AnyChild, 0, information, Exited | LeaveIt));
        while (result.Errno == Errno.EINTR);
        return result.IsError ? result : SysResult.Succeeded(information[PidInInformation]);
    }

    /// <summary>Takes the exit status of a child that has ended.</summary>
    public static void Reap(int pid, out ExitStatus status)
    {
        int raw = 0;
        while (SysResult.Of(waitpid(pid, &raw, 0)).Errno == Errno.EINTR)
        {
        }
        status = ExitStatus.Decode(raw);
    }

    /// <summary>Takes the exit status of a child if it has ended; does not wait.</summary>
    public static bool TryReap(int pid, out ExitStatus status)
    {
        int raw = 0;
        const int NoHang = 1; // WNOHANG
        var ended = SysResult.Of(waitpid(pid, &raw, NoHang));
        status = ExitStatus.Decode(raw);
        return !ended.IsError && ended.Int == pid;
    }

    /// <summary>True for a child, a child's child, or one below that: so deep are those that a process between forks.</summary>
    public static bool IsDescendant(int pid)
    {
        for (int round = 0; round < 3; round++)
        {
            int ancestor = pid;
            for (int depth = 0; depth < 4 && ancestor > 1; depth++)
            {
                ancestor = ParentOf(ancestor);
                if (ancestor == Id)
                    return true;
            }
            // A process between may have ended while this looked: then the kernel has given us what was below it.
            if (ancestor != 0)
                return false;
        }
        return false;
    }

    /// <summary>0: there is no such process.</summary>
    private static int ParentOf(int pid)
    {
        try
        {
            // proc(5): the name in parentheses may hold anything, so count from behind it.
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
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
