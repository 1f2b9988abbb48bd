namespace OneServe.Posix;

/// <summary>
/// What tells that an open file still holds what it held: its size and the time it was last written to. Its change time would not do: it moves also
/// when the file is renamed, linked or deleted, and then whoever has it open still reads the same bytes.
/// </summary>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">Last write, in nanoseconds since 1970.</param>
public readonly record struct FileContents(long Size, Int128 Modified)
{
    public FileContents(in FileStatus status) : this(status.Size, status.Modified)
    {
    }
}
