namespace OneServe.Configuration;

/// <summary>What the configuration may know of the machine. Injected, so that reading a configuration is a function of its inputs.</summary>
public interface IConfigurationHost
{
    /// <summary>Where the server was started; absolute.</summary>
    string CurrentDirectory { get; }

    string HostName { get; }

    int ProcessorCount { get; }

    int ProcessId { get; }

    UserIdentity User { get; }

    DateTimeOffset Now { get; }

    /// <summary>Path of the running executable.</summary>
    string ExecutablePath { get; }

    PathKind GetPathKind(string path);

    /// <summary>Inode number; 0 when the path does not exist.</summary>
    ulong GetInode(string path);

    /// <summary>Reads a whole file. Never throws.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="limit">Bytes; a longer file is an error.</param>
    FileContent Read(string path, int limit);

    /// <summary>What a command of `/bin/sh` writes to standard output; null where nothing is run, as for a check. Never throws.</summary>
    /// <param name="command">As a shell takes it.</param>
    /// <param name="limit">Bytes; more is an error.</param>
    FileContent? Run(string command, int limit);

    /// <summary>Names of the entries of a directory, unordered; empty when it cannot be read.</summary>
    IReadOnlyList<string> List(string directory);
}

/// <summary>What a path leads to, links followed.</summary>
public enum PathKind
{
    Missing,
    File,
    Directory,

    /// <summary>A socket, a device, a pipe.</summary>
    Other,
}

/// <summary>Who the process runs as.</summary>
public readonly record struct UserIdentity(uint Uid, string UserName, uint Gid, string GroupName);

/// <summary>The bytes of a file or of a command's output, or why they could not be had.</summary>
/// <param name="Bytes">The content; empty on failure.</param>
/// <param name="Failure">A short reason such as `no such file`; null on success.</param>
public readonly record struct FileContent(ReadOnlyMemory<byte> Bytes, string? Failure);
