namespace OneServe.Posix;

/// <summary>What a listening socket is made with. An inherited one stays as its maker has set it up.</summary>
public sealed record ListenSocketOptions
{
    /// <summary>Connections that may wait to be accepted.</summary>
    public required int Backlog { get; init; }

    /// <summary>TCP: others may listen on the same address.</summary>
    public bool ReusePort { get; init; }

    /// <summary>UNIX path: the file's mode; null: what the umask leaves.</summary>
    public int? Mode { get; init; }

    /// <summary>UNIX path: the file's owner; null: who makes it.</summary>
    public uint? UserId { get; init; }

    /// <summary>UNIX path: the file's group; null: that of who makes it.</summary>
    public uint? GroupId { get; init; }

    /// <summary>The owner was asked for: a socket that cannot be given away is a failure.</summary>
    public bool IsOwnerRequired { get; init; }
}
