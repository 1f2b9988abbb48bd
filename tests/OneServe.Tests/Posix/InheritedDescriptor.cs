using Mono.Unix.Native;
using OneServe.Posix;

namespace OneServe.Tests.Posix;

/// <summary>A descriptor that looks as if it had come through execve(2).</summary>
internal class InheritedDescriptor : IDisposable
{
    private readonly SafeDescriptor _descriptor;

    public InheritedDescriptor(SafeDescriptor descriptor)
    {
        _descriptor = descriptor;
        Syscall.fcntl(Number, FcntlCommand.F_SETFD, 0);
    }

    public int Number => _descriptor.Number;

    public void Dispose() => _descriptor.Dispose();
}
