using System.Runtime.InteropServices;

namespace OneServe.Posix;

/// <summary>
/// Calls on non-blocking sockets, thin as the hot path needs them: no GC transition, pointers instead of spans. The caller keeps the descriptor open
/// and the memory in place; EINTR is reported.
/// </summary>
public static unsafe partial class SocketCalls
{
    private const int NonBlockingCloseOnExec = 0x80800; // SOCK_NONBLOCK | SOCK_CLOEXEC
    private const int TcpLevel = 6;                     // IPPROTO_TCP
    private const int UnsentLimitOption = 25;               // TCP_NOTSENT_LOWAT
    private const int NoDelayOption = 1;                // TCP_NODELAY
    private const int SocketLevel = 1;                  // SOL_SOCKET
    private const int LingerOption = 13;                // SO_LINGER
    private const int WritingHalf = 1;                  // SHUT_WR
    private const int BothHalves = 2;                   // SHUT_RDWR

    [LibraryImport("libc"), SuppressGCTransition]
    private static partial int accept4(int listener, byte* name, uint* nameLength, int flags);

    [LibraryImport("libc"), SuppressGCTransition]
    private static partial nint recv(int descriptor, byte* buffer, nint length, int flags);

    [LibraryImport("libc"), SuppressGCTransition]
    private static partial nint send(int descriptor, byte* buffer, nint length, int flags);

    [LibraryImport("libc"), SuppressGCTransition]
    private static partial nint recvmsg(int descriptor, MessageHeader* message, int flags);

    [LibraryImport("libc"), SuppressGCTransition]
    private static partial nint sendmsg(int descriptor, MessageHeader* message, int flags);

    [LibraryImport("libc"), SuppressGCTransition]
    private static partial int sendmmsg(int descriptor, MultiMessage* messages, uint count, int flags);

    [LibraryImport("libc"), SuppressGCTransition]
    private static partial int setsockopt(int descriptor, int level, int option, int* value, uint length);

    [LibraryImport("libc")]
    private static partial int shutdown(int descriptor, int how);

    /// <summary>accept4(2): a non-blocking, close-on-exec descriptor, and the peer's name.</summary>
    public static SysResult Accept(int listener, out SocketName peer)
    {
        byte* name = stackalloc byte[SocketName.MaximumLength];
        uint length = SocketName.MaximumLength;
        var result = SysResult.Of(accept4(listener, name, &length, NonBlockingCloseOnExec));
        peer = result.IsError ? default : SocketName.Parse(name, length);
        return result;
    }

    public static SysResult Receive(int descriptor, byte* buffer, nint length, MessageFlags flags = MessageFlags.None)
        => SysResult.Of(recv(descriptor, buffer, length, (int)flags));

    public static SysResult Send(int descriptor, byte* buffer, nint length, MessageFlags flags)
        => SysResult.Of(send(descriptor, buffer, length, (int)flags));

    public static SysResult ReceiveMessage(int descriptor, MessageHeader* message, MessageFlags flags)
        => SysResult.Of(recvmsg(descriptor, message, (int)flags));

    public static SysResult SendMessage(int descriptor, MessageHeader* message, MessageFlags flags)
        => SysResult.Of(sendmsg(descriptor, message, (int)flags));

    /// <summary>sendmmsg(2): the number of messages that went; an error only when the first one failed.</summary>
    public static SysResult SendMessages(int descriptor, MultiMessage* messages, int count, MessageFlags flags)
        => SysResult.Of(sendmmsg(descriptor, messages, (uint)count, (int)flags));

    /// <summary>TCP_NODELAY; on a listening socket it holds for what is accepted from it (Linux).</summary>
    public static SysResult SetNoDelay(int descriptor)
    {
        int on = 1;
        return SysResult.Of(setsockopt(descriptor, TcpLevel, NoDelayOption, &on, sizeof(int)));
    }

    /// <summary>
    /// TCP_NOTSENT_LOWAT: bytes that may lie in the kernel and have not been sent; beyond them the socket takes no more (tcp(7)). Inherited as TCP_NODELAY is.
    /// </summary>
    public static SysResult SetUnsentLimit(int descriptor, int bytes)
        => SysResult.Of(setsockopt(descriptor, TcpLevel, UnsentLimitOption, &bytes, sizeof(int)));

    /// <summary>SO_LINGER with no time: close(2) drops what is unsent and resets the connection (socket(7)). TCP only.</summary>
    public static SysResult DiscardAtClose(int descriptor)
    {
        var linger = stackalloc int[] { 1, 0 };
        return SysResult.Of(setsockopt(descriptor, SocketLevel, LingerOption, linger, 2 * sizeof(int)));
    }

    /// <summary>Ends our writing half: the peer reads the end after what was sent.</summary>
    public static SysResult ShutdownWriting(int descriptor) => SysResult.Of(shutdown(descriptor, WritingHalf));

    /// <summary>Ends both halves; whoever polls the descriptor wakes.</summary>
    public static SysResult ShutdownBoth(int descriptor) => SysResult.Of(shutdown(descriptor, BothHalves));
}
