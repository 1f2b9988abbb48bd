using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>struct msghdr of sendmsg(2) and recvmsg(2).</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct MessageHeader
{
    public void* Name;
    public uint NameLength;
    public IoVector* Vectors;
    public nint VectorCount;

    /// <summary>Control messages (cmsg(3)), such as passed descriptors.</summary>
    public void* Control;
    public nint ControlLength;

    /// <summary>Set by recvmsg: MSG_TRUNC, MSG_CTRUNC and the like.</summary>
    public MessageFlags Flags;
}
