using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>sendmsg(2) and recvmsg(2) of one message with descriptors (SCM_RIGHTS), never blocking.</summary>
public static unsafe partial class Messages
{
    /// <summary>ETOOMANYREFS: this user has more descriptors in flight than RLIMIT_NOFILE allows.</summary>
    public const int TooManyInFlight = 109;

    /// <summary>SCM_MAX_FD: the kernel takes no more with one message.</summary>
    public const int MostDescriptors = 253;

    private const int Peek = 0x2;
    private const int Truncate = 0x20;
    private const int DoNotWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int CloseOnExec = 0x40000000; // MSG_CMSG_CLOEXEC
    private const int SocketLevel = 1;          // SOL_SOCKET
    private const int Rights = 1;               // SCM_RIGHTS

    [LibraryImport("libc")]
    private static partial nint sendmsg(int socket, MessageHeader* message, int flags);

    [LibraryImport("libc")]
    private static partial nint recvmsg(int socket, MessageHeader* message, int flags);

    [LibraryImport("libc")]
    private static partial nint recv(int socket, byte* buffer, nint length, int flags);

    /// <summary>Sends one message.</summary>
    public static SysResult Send(int socket, ReadOnlySpan<byte> bytes, ReadOnlySpan<int> descriptors)
    {
        if (descriptors.Length > MostDescriptors)
            return SysResult.Failed(Errno.EINVAL);
        byte* control = stackalloc byte[Space(descriptors.Length)];
        fixed (byte* p = bytes)
        {
            var part = new Segment { Base = p, Length = bytes.Length };
            var header = new MessageHeader { Segments = &part, SegmentCount = 1 };
            if (descriptors.Length > 0)
            {
                header.Control = control;
                header.ControlLength = Space(descriptors.Length);
                *(ControlHeader*)control = new ControlHeader
                {
                    Length = sizeof(ControlHeader) + (descriptors.Length * sizeof(int)),
                    Level = SocketLevel,
                    Type = Rights,
                };
                descriptors.CopyTo(new Span<int>(control + sizeof(ControlHeader), descriptors.Length));
            }
            SysResult result;
            do
                result = SysResult.Of(sendmsg(socket, &header, DoNotWait | NoSignal));
            while (result.Errno == Errno.EINTR);
            return result;
        }
    }

    /// <summary>Length of the next message of a SOCK_SEQPACKET socket, which stays there; 0: the peer has gone.</summary>
    public static SysResult NextLength(int socket) => SysResult.Of(recv(socket, null, 0, Peek | Truncate | DoNotWait));

    /// <summary>Takes one message and the descriptors that came with it; they are the caller's.</summary>
    public static SysResult Receive(int socket, Span<byte> buffer, out SafeDescriptor[] descriptors)
    {
        int space = Space(MostDescriptors);
        byte* control = stackalloc byte[space];
        fixed (byte* p = buffer)
        {
            var part = new Segment { Base = p, Length = buffer.Length };
            var header = new MessageHeader { Segments = &part, SegmentCount = 1, Control = control, ControlLength = space };
            SysResult result;
            do
                result = SysResult.Of(recvmsg(socket, &header, DoNotWait | CloseOnExec));
            while (result.Errno == Errno.EINTR);
            descriptors = result.IsError ? [] : Received(control, header.ControlLength);
            return result;
        }
    }

    private static SafeDescriptor[] Received(byte* control, nint length)
    {
        if (length < sizeof(ControlHeader))
            return [];
        var header = (ControlHeader*)control;
        if (header->Level != SocketLevel || header->Type != Rights)
            return [];
        var numbers = new ReadOnlySpan<int>(control + sizeof(ControlHeader), (int)(header->Length - sizeof(ControlHeader)) / sizeof(int));
        var descriptors = new SafeDescriptor[numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
            descriptors[i] = new SafeDescriptor(numbers[i]);
        return descriptors;
    }

    /// <summary>CMSG_SPACE of this many descriptors.</summary>
    private static int Space(int descriptors) => (sizeof(ControlHeader) + (descriptors * sizeof(int)) + 7) & ~7;

    [StructLayout(LayoutKind.Sequential)]
    private struct Segment
    {
        public byte* Base;
        public nint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public Segment* Segments;
        public nint SegmentCount;
        public void* Control;
        public nint ControlLength;
        public int Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ControlHeader
    {
        public nint Length;
        public int Level;
        public int Type;
    }
}
