using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>struct mmsghdr of sendmmsg(2): a message, and how many of its bytes went.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MultiMessage
{
    public MessageHeader Header;
    public uint Length;
}
