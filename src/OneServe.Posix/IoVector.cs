using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>struct iovec: one piece of memory of a scattered read or gathered write.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct IoVector
{
    public byte* Base;
    public nint Length;
}
