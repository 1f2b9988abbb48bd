namespace OneServe.Posix;

/// <summary>What inotify(7) watches for and tells.</summary>
[Flags]
public enum InotifyEvents : uint
{
    None = 0,

    /// <summary>Times, permissions or links of a file have changed.</summary>
    Attributes = 0x4,

    /// <summary>A file that was open for writing has been closed.</summary>
    WrittenAndClosed = 0x8,

    /// <summary>A name has gone to another directory or to another name.</summary>
    MovedFrom = 0x40,

    /// <summary>A name has come from another directory or from another name.</summary>
    MovedTo = 0x80,

    Created = 0x100,
    Deleted = 0x200,

    /// <summary>The watched directory itself has been removed.</summary>
    SelfDeleted = 0x400,

    /// <summary>The watched directory itself has got another name.</summary>
    SelfMoved = 0x800,

    /// <summary>Its file system has been unmounted.</summary>
    Unmounted = 0x2000,

    /// <summary>Events have been lost; without a watch.</summary>
    Overflow = 0x4000,

    /// <summary>The watch has ended.</summary>
    Ended = 0x8000,

    /// <summary>Fail unless it is a directory.</summary>
    DirectoriesOnly = 0x01000000,

    /// <summary>The name is a directory's.</summary>
    IsDirectory = 0x40000000,
}
