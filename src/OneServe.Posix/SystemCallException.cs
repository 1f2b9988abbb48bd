namespace OneServe.Posix;

/// <summary>A system call failed where the caller has no answer to it.</summary>
public sealed class SystemCallException(string call, int errno) : IOException($"{call}: {Posix.Errno.Describe(errno)}")
{
    /// <summary>The name of the call, as in its man page.</summary>
    public string Call { get; } = call;

    /// <summary>One of <see cref="Posix.Errno"/>.</summary>
    public int Errno { get; } = errno;
}
