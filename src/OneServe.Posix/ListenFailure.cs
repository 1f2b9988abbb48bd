namespace OneServe.Posix;

/// <summary>Why an address cannot be listened on, by what the operator can do about it.</summary>
public enum ListenFailure
{
    /// <summary>Another program listens there.</summary>
    InUse,

    /// <summary>A port that needs a privilege, or a directory that may not be written.</summary>
    Permission,

    /// <summary>The address is none of this machine's.</summary>
    NotAvailable,

    /// <summary>The host name has no address.</summary>
    UnknownHost,

    /// <summary>The path is something else than a socket.</summary>
    NotASocket,

    /// <summary>The directory of the path does not exist.</summary>
    NoDirectory,

    /// <summary>The kernel has no such family: IPv6 is switched off.</summary>
    NoFamily,

    /// <summary>The socket's file may not be given to the owner asked for.</summary>
    OwnerNotPermitted,

    /// <summary>No descriptor of that number was inherited.</summary>
    NotInherited,

    /// <summary>The inherited descriptor is no stream socket that listens.</summary>
    NotListening,

    /// <summary>Anything else; the errno tells.</summary>
    Other,
}

/// <summary>An address cannot be listened on.</summary>
public sealed class ListenException(ListenAddress address, ListenFailure failure, int errno)
    : IOException($"{address}: {failure}{(errno == 0 ? "" : $" ({Posix.Errno.Describe(errno)})")}")
{
    public ListenAddress Address { get; } = address;

    public ListenFailure Failure { get; } = failure;

    /// <summary>One of <see cref="Posix.Errno"/>; 0 when no call failed.</summary>
    public int Errno { get; } = errno;

    /// <summary>In use: the process that listens there; 0 when it is not known.</summary>
    public int Holder { get; init; }
}
