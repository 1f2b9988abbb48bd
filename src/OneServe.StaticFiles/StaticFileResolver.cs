using OneServe.Posix;

namespace OneServe.StaticFiles;

/// <summary>Finds the file that a path names: the first map in order that has one. Keeps nothing between calls.</summary>
internal sealed class StaticFileResolver(StaticFileMaps maps, RepresentationLoader loader, TimeProvider clock)
{
    /// <summary>
    /// The coarsest time stamps in use (ext3, some network file systems: a second; FAT: two). A file changed longer ago than this cannot change again
    /// without showing it.
    /// </summary>
    private static readonly TimeSpan ClockGrain = TimeSpan.FromSeconds(2);

    public Resolution Resolve(string path)
    {
        var probes = new List<Probe>(4);
        foreach (var target in maps.Targets)
        {
            if (!target.Matches(path))
                continue;
            var kind = Search(target, target.Rest(path), probes, out var file, out bool isSettled);
            if (kind != ResolutionKind.Missing)
                return new Resolution(kind, file, [.. probes], isSettled);
        }
        return Resolution.Of(ResolutionKind.Missing);
    }

    private ResolutionKind Search(MapTarget target, ReadOnlySpan<char> rest, List<Probe> probes, out StaticFile? file, out bool isSettled)
    {
        file = null;
        isSettled = false;
        bool isName = RequestName.IsServable(rest);
        if (isName)
        {
            byte[] name = RequestName.ToBytes(rest);
            byte[] path = target.Join(name);
            var look = Look(path, probes, out var status);
            if (!look.IsError)
            {
                return status.IsRegular
                    ? Open(path, suffix => OpenBeneath(target, [.. name.AsSpan(..^1), .. suffix, 0]), probes, out file, out isSettled)
                    : ResolutionKind.Missing;
            }
            if (look.Errno != Errno.ENOTDIR)
                return Outcome(look);
        }

        // Either a directory, which is not served, or `prefix=file`: that file is the answer to every path under the prefix.
        var targetLook = Look(target.Path, probes, out var targetStatus);
        if (targetLook.IsError)
            return Outcome(targetLook);
        return targetStatus.IsRegular
            ? Open(target.Path, suffix => ContainedFiles.OpenTrusted([.. target.Path.AsSpan(..^1), .. suffix, 0]), probes, out file, out isSettled)
            : ResolutionKind.Missing;
    }

    private delegate SysResult Opening(ReadOnlySpan<byte> suffix);

    /// <summary>Opens a file and its siblings.</summary>
    private ResolutionKind Open(byte[] path, Opening opening, List<Probe> probes, out StaticFile? file, out bool isSettled)
    {
        file = null;
        isSettled = false;
        var opened = opening([]);
        if (opened.IsError)
            return Outcome(opened);
        if (loader.Load(opened.Int, ContentCoding.Identity) is not { } plain)
            return ResolutionKind.Missing;

        var now = clock.GetUtcNow();
        isSettled = IsSettled(plain.Status, now);
        string name = RequestName.FileName(path);
        var type = ContentTypes.For(name);
        var siblings = new StaticRepresentation?[ContentCodings.Siblings];
        if (!type.IsCompressed)
        {
            for (int i = 0; i < siblings.Length; i++)
            {
                var kind = OpenSibling(path, (ContentCoding)i, plain.Status, opening, probes, out siblings[i]);
                // One that could not be opened for now is looked for again.
                isSettled &= kind != ResolutionKind.Unknown && (siblings[i] is not { } sibling || IsSettled(sibling.Status, now));
            }
        }
        file = new StaticFile(name, type, plain, siblings, now);
        return ResolutionKind.Found;
    }

    private ResolutionKind OpenSibling(
        byte[] path, ContentCoding coding, FileStatus plain, Opening opening, List<Probe> probes, out StaticRepresentation? sibling)
    {
        sibling = null;
        var suffix = ContentCodings.FileSuffix(coding);
        var look = Look([.. path.AsSpan(..^1), .. suffix, 0], probes, out var status);
        // One that is older than its original was made of other contents. Whole seconds: archives and image layers drop the rest.
        if (look.IsError || !status.IsRegular || status.ModifiedSeconds < plain.ModifiedSeconds)
            return ResolutionKind.Missing;
        var opened = opening(suffix);
        if (opened.IsError)
            return Outcome(opened);
        sibling = loader.Load(opened.Int, coding);
        return sibling is null ? ResolutionKind.Missing : ResolutionKind.Found;
    }

    private static SysResult OpenBeneath(MapTarget target, ReadOnlySpan<byte> name)
    {
        var opened = ContainedFiles.OpenRoot(target.Path);
        if (opened.IsError)
            return opened;
        using var root = new SafeDescriptor(opened.Int);
        return ContainedFiles.OpenBeneath(root.Number, name);
    }

    private static SysResult Look(byte[] path, List<Probe> probes, out FileStatus status)
    {
        var result = FileStatusCalls.Read(path, out status);
        probes.Add(new Probe(path, result.IsError ? null : status));
        return result;
    }

    private static bool IsSettled(FileStatus status, DateTimeOffset now)
        => Math.Max(status.ModifiedSeconds, status.ChangedSeconds) < now.ToUnixTimeSeconds() - (long)ClockGrain.TotalSeconds;

    /// <summary>
    /// Not there, not readable and not inside are all the application's; only what will pass is no answer: a shortage of the system's, or a lease that
    /// another process has to give up first (EAGAIN, fcntl(2) F_SETLEASE).
    /// </summary>
    private static ResolutionKind Outcome(SysResult failed) => failed.Errno is Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM or Errno.EIO or Errno.EAGAIN
        ? ResolutionKind.Unknown
        : ResolutionKind.Missing;
}
