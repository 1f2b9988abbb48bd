namespace OneServe.Posix;

/// <summary>MSG_* of send(2) and recv(2).</summary>
[Flags]
public enum MessageFlags
{
    None = 0,

    /// <summary>Look, but leave the bytes where they are.</summary>
    Peek = 0x2,

    /// <summary>Control messages did not fit.</summary>
    ControlTruncated = 0x8,

    /// <summary>The packet did not fit.</summary>
    Truncated = 0x20,

    /// <summary>This call does not block, whatever the descriptor's own mode.</summary>
    DontWait = 0x40,

    /// <summary>EPIPE instead of the signal.</summary>
    NoSignal = 0x4000,

    /// <summary>More follows at once: TCP fills its segments up.</summary>
    More = 0x8000,

    /// <summary>Received descriptors are close-on-exec.</summary>
    CloseOnExec = 0x40000000,
}
