namespace OneServe.Posix;

/// <summary>What an epoll registration asks for and what it reports (epoll_ctl(2)).</summary>
[Flags]
public enum EpollEvents : uint
{
    None = 0,

    /// <summary>Readable, or a listening socket with a connection to accept.</summary>
    In = 0x1,

    /// <summary>Writable.</summary>
    Out = 0x4,

    /// <summary>The descriptor is in error; always reported.</summary>
    Error = 0x8,

    /// <summary>Both directions are over; always reported.</summary>
    HangUp = 0x10,

    /// <summary>The peer has ended its writing half.</summary>
    ReadHangUp = 0x2000,

    /// <summary>Report changes of readiness, not readiness.</summary>
    EdgeTriggered = 1u << 31,
}
