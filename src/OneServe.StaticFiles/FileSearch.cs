using OneServe.Posix;

namespace OneServe.StaticFiles;

/// <summary>One search for a file: looks, opens, and remembers what it saw.</summary>
internal sealed class FileSearch(StaticFileMaps maps, string path, RepresentationLoader loader, bool mayWait, DateTimeOffset now)
{
    /// <summary>
    /// The coarsest time stamps in use (FAT: two seconds; some network file systems: one). A file changed longer ago than this cannot change again
    /// without showing it.
    /// </summary>
    private const long ClockGrainSeconds = 2;

    private readonly List<Probe> _probes = new(4);
    private bool _isSettled = true;
    private StaticFile? _file;

    public Resolution Result(ResolutionKind kind) => new(kind, _file, [.. _probes], _isSettled);

    /// <summary>Looks for a file in one map.</summary>
    public ResolutionKind Search(MapTarget target)
    {
        var rest = target.Rest(path);
        if (RequestName.IsServable(rest, maps.Rules.DotFiles))
        {
            byte[] name = RequestName.ToBytes(rest);
            var beneath = new FileLocation(target, name);
            var look = Look(beneath.PathWith([]), out var status);
            if (!look.IsError && status.IsDirectory)
                return SearchIndex(target, [.. name, (byte)'/'], lacksSlash: true);
            if (look.Errno != Errno.ENOTDIR)
                return Open(beneath, look, status, lacksSlash: false);
        }
        else if (maps.Index.Length > 0 && rest.TrimEnd('/') is var name && (name.IsEmpty || RequestName.IsServable(name, maps.Rules.DotFiles)))
        {
            byte[] directory = name.IsEmpty ? [] : [.. RequestName.ToBytes(name), (byte)'/'];
            if (SearchIndex(target, directory, lacksSlash: !path.EndsWith('/')) is var kind and not ResolutionKind.Missing)
                return kind;
        }
        // The target is either a directory, whose index has been looked for, or a file, which is the answer to every path under the prefix.
        var itself = new FileLocation(target, null);
        return Open(itself, Look(target.Path, out var targetStatus), targetStatus, lacksSlash: false);
    }

    /// <summary>Looks for the file that stands for a directory.</summary>
    /// <param name="target">The map's target.</param>
    /// <param name="directory">The directory beneath it, ending with a slash; empty for the target.</param>
    /// <param name="lacksSlash">The request names it without one.</param>
    private ResolutionKind SearchIndex(MapTarget target, byte[] directory, bool lacksSlash)
    {
        foreach (byte[] index in maps.Index)
        {
            var location = new FileLocation(target, [.. directory, .. index]);
            var look = Look(location.PathWith([]), out var status);
            if (Open(location, look, status, lacksSlash) is var kind and not ResolutionKind.Missing)
                return kind;
        }
        return ResolutionKind.Missing;
    }

    private ResolutionKind Open(FileLocation location, SysResult look, FileStatus status, bool lacksSlash)
    {
        if (TryLoad(location, look, status, ContentCoding.Identity, out var plain) is var kind and not ResolutionKind.Found)
            return kind;
        var description = new FileDescription(maps, location.PathWith([]), path, lacksSlash);
        var siblings = new StaticRepresentation?[ContentCodings.Siblings];
        for (int i = 0; i < siblings.Length && description.MayHaveSiblings; i++)
        {
            if (FindSibling(location, (ContentCoding)i, plain!.Status, out siblings[i]) != ResolutionKind.Cold)
                continue;
            plain!.Release();
            Array.ForEach(siblings, sibling => sibling?.Release());
            return ResolutionKind.Cold;
        }
        _file = new StaticFile(description, plain!, siblings, now);
        return ResolutionKind.Found;
    }

    private ResolutionKind FindSibling(FileLocation location, ContentCoding coding, FileStatus plain, out StaticRepresentation? sibling)
    {
        sibling = null;
        var look = Look(location.PathWith(ContentCodings.FileSuffix(coding)), out var status);
        // One that is older than its original was made of other contents. Whole seconds: archives and image layers drop the rest. One without a byte
        // is none of any coding: its maker has just begun, or the disk was full.
        if (!look.IsError && (status.ModifiedSeconds < plain.ModifiedSeconds || status.Size == 0))
            return ResolutionKind.Missing;
        var kind = TryLoad(location, look, status, coding, out sibling);
        _isSettled &= kind != ResolutionKind.Unknown;
        return kind;
    }

    private ResolutionKind TryLoad(FileLocation location, SysResult look, FileStatus status, ContentCoding coding, out StaticRepresentation? representation)
    {
        representation = null;
        if (look.IsError)
            return Outcome(look);
        // Nothing else is even opened: the opening of a device may have effects.
        if (!status.IsRegular)
            return ResolutionKind.Missing;
        var opened = location.Open(ContentCodings.FileSuffix(coding), maps.Safe);
        if (opened.IsError)
            return Outcome(opened);
        var kind = loader.TryLoad(opened.Int, coding, mayWait, out representation);
        if (representation is null)
            return kind;
        var read = representation.Status;
        _isSettled &= Math.Max(read.ModifiedSeconds, read.ChangedSeconds) < now.ToUnixTimeSeconds() - ClockGrainSeconds;
        return ResolutionKind.Found;
    }

    private SysResult Look(byte[] file, out FileStatus status)
    {
        var result = FileStatusCalls.Read(file, out status);
        _probes.Add(new Probe(file, result.IsError ? null : status));
        return result;
    }

    /// <summary>
    /// Not there, not readable and not inside are all the application's; only what will pass is no answer: a shortage of the system's, or a lease that
    /// another process has to give up first (EAGAIN, fcntl(2) F_SETLEASE).
    /// </summary>
    private static ResolutionKind Outcome(SysResult failed) => failed.Errno is Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM or Errno.EIO or Errno.EAGAIN
        ? ResolutionKind.Unknown
        : ResolutionKind.Missing;
}
