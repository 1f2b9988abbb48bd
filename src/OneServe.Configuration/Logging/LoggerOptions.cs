namespace OneServe.Configuration;

/// <summary>`logger` or `req-logger`: `[id ]engine[:argument]`.</summary>
/// <param name="Engine">What kind of receiver it is.</param>
/// <param name="Argument">A path, an address, a program's name …; empty: none.</param>
/// <param name="Id">A logger with a name gets the lines of its routes only; null: it gets all others.</param>
/// <param name="Setting">As written.</param>
public sealed record LoggerOptions(LogEngine Engine, string Argument, string? Id, Setting Setting)
{
    /// <summary>`maxsize=` of a file, bytes; 0: <see cref="LogOptions.MaxSize"/>.</summary>
    public long MaxSize { get; init; }

    /// <summary>`backupname=` of a file; null: <see cref="LogOptions.BackupName"/> does not count for it, it is renamed by time.</summary>
    public string? BackupName { get; init; }
}

/// <summary>The kinds of log receivers.</summary>
public enum LogEngine
{
    /// <summary>`file:PATH`.</summary>
    File,

    /// <summary>`stdio`: `logto`, else standard error.</summary>
    StandardOutput,

    /// <summary>`fd:NUMBER`.</summary>
    Descriptor,

    /// <summary>`syslog[:PROGRAM[,FACILITY[,SOCKET]]]`: the machine's syslog, RFC 3164.</summary>
    Syslog,

    /// <summary>`rsyslog:HOST[:PORT][,PROGRAM]`: another machine's, by UDP.</summary>
    RemoteSyslog,

    /// <summary>`socket:HOST:PORT[,PREFIX]` or `socket:PATH[,PREFIX]`: datagrams.</summary>
    Socket,
}
