namespace OneServe.Posix;

/// <summary>
/// What statx(2) tells of a file. Two equal values mean the same file with the same contents, as far as the file system's clock can tell.
/// </summary>
/// <param name="Device">Major number in the high, minor number in the low half.</param>
/// <param name="Inode">Inode number.</param>
/// <param name="Mode">Type and permissions, as st_mode.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ModifiedSeconds">Last change of the contents, whole seconds since 1970; may be negative.</param>
/// <param name="ModifiedNanoseconds">The rest of it, 0 to 999,999,999.</param>
/// <param name="ChangedSeconds">Last change of contents or inode: unlike the modification time nobody can set it back.</param>
/// <param name="ChangedNanoseconds">The rest of it.</param>
public readonly record struct FileStatus(
    ulong Device, ulong Inode, int Mode, long Size, long ModifiedSeconds, uint ModifiedNanoseconds, long ChangedSeconds, uint ChangedNanoseconds)
{
    private const int TypeMask = 0xF000;      // S_IFMT
    private const int RegularFile = 0x8000;   // S_IFREG
    private const int DirectoryFile = 0x4000; // S_IFDIR

    public bool IsRegular => (Mode & TypeMask) == RegularFile;

    public bool IsDirectory => (Mode & TypeMask) == DirectoryFile;

    /// <summary>The modification time in nanoseconds since 1970; 64 bits hold them until 2262 only, and file systems more.</summary>
    public Int128 Modified => ((Int128)ModifiedSeconds * 1_000_000_000) + ModifiedNanoseconds;
}
