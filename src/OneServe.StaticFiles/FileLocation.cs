using OneServe.Posix;

namespace OneServe.StaticFiles;

/// <summary>Where a file and its siblings are looked for: a name beneath a target that is a directory, or the target itself.</summary>
/// <param name="target">The map's target.</param>
/// <param name="name">The name beneath it without NUL; null for the target itself.</param>
internal readonly struct FileLocation(MapTarget target, byte[]? name)
{
    /// <summary>The path, a suffix appended, ending with NUL.</summary>
    public byte[] PathWith(ReadOnlySpan<byte> suffix) => name is null ? [.. target.Path.AsSpan(..^1), .. suffix, 0] : target.Join([.. name, .. suffix, 0]);

    /// <summary>
    /// Opens it for reading. The target itself is the operator's word; a name beneath it is a client's, and stays beneath. The directory is opened
    /// each time: it may be a link that was pointed elsewhere.
    /// </summary>
    /// <param name="suffix">Appended to the name.</param>
    /// <param name="safe">Directories that links may lead to, paths ending with NUL.</param>
    public SysResult Open(ReadOnlySpan<byte> suffix, ReadOnlySpan<byte[]> safe)
    {
        if (name is null)
            return ContainedFiles.OpenTrusted(PathWith(suffix));
        var opened = ContainedFiles.OpenRoot(target.Path);
        if (opened.IsError)
            return opened;
        using var root = new SafeDescriptor(opened.Int);
        byte[] full = [.. name, .. suffix, 0];
        var file = ContainedFiles.OpenBeneath(root.Number, full);
        for (int i = 0; i < safe.Length && file.Errno == Errno.EXDEV; i++)
        {
            var other = ContainedFiles.OpenRoot(safe[i]);
            if (other.IsError)
                continue;
            using var directory = new SafeDescriptor(other.Int);
            file = ContainedFiles.OpenByRealPath(root.Number, full, directory.Number);
        }
        return file;
    }
}
