namespace OneServe.Posix;

/// <summary>How a process ended: a decoded status of waitpid(2).</summary>
/// <param name="Code">The exit code; 0 when a signal ended it.</param>
/// <param name="Signal">The signal that ended it; 0 when it exited.</param>
/// <param name="DumpedCore">True when the signal left a core.</param>
public readonly record struct ExitStatus(int Code, int Signal, bool DumpedCore)
{
    private const int SignalMask = 0x7f;
    private const int CoreFlag = 0x80;

    /// <summary>Decodes what waitpid wrote (the layout of Linux, wait.h).</summary>
    public static ExitStatus Decode(int status)
        => (status & SignalMask) == 0
            ? new ExitStatus((status >> 8) & 0xff, 0, false)
            : new ExitStatus(0, status & SignalMask, (status & CoreFlag) != 0);

    /// <summary>True when the process exited with code 0.</summary>
    public bool IsSuccess => Code == 0 && Signal == 0;

    /// <summary>`exited with code 22`, `killed by SIGSEGV (core dumped)`.</summary>
    public override string ToString()
        => Signal == 0 ? $"exited with code {Code}" : $"killed by {Signals.Name(Signal)}{(DumpedCore ? " (core dumped)" : "")}";
}
