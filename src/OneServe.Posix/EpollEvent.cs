using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>One entry of epoll_wait(2)'s answer. Packed, as the kernel's ABI is on x86-64 (and only there).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct EpollEvent
{
    public EpollEvents Events;

    /// <summary>The registration's token, returned as it was given.</summary>
    public ulong Token;
}
