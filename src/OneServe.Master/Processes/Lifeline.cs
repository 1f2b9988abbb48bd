using Mono.Unix.Native;
using OneServe.Posix;

namespace OneServe.Master.Processes;

/// <summary>
/// A pipe that nobody writes to, and whose write end only the master has. Each process gets a read end of its own and has the kernel send
/// SIGKILL at its end (F_SETSIG, O_ASYNC): whatever way the master goes, everything else goes too, within milliseconds.
/// </summary>
internal sealed class Lifeline : IDisposable
{
    private readonly SafeDescriptor _read;
    private readonly SafeDescriptor _write;

    public Lifeline() => (_read, _write) = Descriptors.Pipe();

    /// <summary>
    /// A read end with an open file description of its own: the signal's receiver belongs to the description, so a shared one would end
    /// only the process that was armed last. Opened here, since a process may not do so once it has another user.
    /// </summary>
    public SafeDescriptor NewEnd()
    {
        int descriptor = Syscall.open($"/proc/self/fd/{_read.Number}", OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK | OpenFlags.O_CLOEXEC);
        return descriptor >= 0
            ? new SafeDescriptor(descriptor)
            : throw new SystemCallException("open(/proc/self/fd)", System.Runtime.InteropServices.Marshal.GetLastPInvokeError());
    }

    /// <summary>Ends every process that is armed.</summary>
    public void Dispose()
    {
        _write.Dispose();
        _read.Dispose();
    }
}
