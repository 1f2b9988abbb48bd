using OneServe.Posix;

namespace OneServe.StaticFiles;

/// <summary>
/// One look at the file system that a decision rests on: a path and what was there. While all looks of an entry would be the same, so would the
/// decision; repeating them costs one statx(2) each and opens nothing.
/// </summary>
/// <param name="Path">Ends with NUL. It is walked anew, so a link that flips on the way shows.</param>
/// <param name="Status">What was there; null for nothing, or nothing that may be seen.</param>
internal readonly record struct Probe(byte[] Path, FileStatus? Status)
{
    public bool StillHolds()
    {
        var result = FileStatusCalls.Read(Path, out var status);
        return result.IsError ? Status is null : Status == status;
    }
}
