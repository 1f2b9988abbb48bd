using OneServe.Posix;

namespace OneServe.StaticFiles;

/// <summary>One search for a file: looks, opens, and remembers what it saw.</summary>
internal sealed class FileSearch(RepresentationLoader loader, DateTimeOffset now)
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
    /// <param name="target">The map's target.</param>
    /// <param name="rest">What follows the prefix in the request's path.</param>
    public ResolutionKind Search(MapTarget target, ReadOnlySpan<char> rest)
    {
        if (RequestName.IsServable(rest))
        {
            var beneath = new FileLocation(target, RequestName.ToBytes(rest));
            var look = Look(beneath.PathWith([]), out var status);
            if (look.Errno != Errno.ENOTDIR)
                return Open(beneath, look, status);
        }
        // The target is either a directory, which is not served, or a file, which is the answer to every path under the prefix.
        var itself = new FileLocation(target, null);
        return Open(itself, Look(target.Path, out var targetStatus), targetStatus);
    }

    private ResolutionKind Open(FileLocation location, SysResult look, FileStatus status)
    {
        if (TryLoad(location, look, status, ContentCoding.Identity, out var plain) is var kind and not ResolutionKind.Found)
            return kind;
        string name = RequestName.FileName(location.PathWith([]));
        var type = ContentTypes.For(name);
        var siblings = new StaticRepresentation?[ContentCodings.Siblings];
        for (int i = 0; i < siblings.Length && !type.IsCompressed; i++)
            siblings[i] = FindSibling(location, (ContentCoding)i, plain!.Status);
        _file = new StaticFile(name, type, plain!, siblings, now);
        return ResolutionKind.Found;
    }

    private StaticRepresentation? FindSibling(FileLocation location, ContentCoding coding, FileStatus plain)
    {
        var look = Look(location.PathWith(ContentCodings.FileSuffix(coding)), out var status);
        // One that is older than its original was made of other contents. Whole seconds: archives and image layers drop the rest.
        if (!look.IsError && status.ModifiedSeconds < plain.ModifiedSeconds)
            return null;
        if (TryLoad(location, look, status, coding, out var sibling) == ResolutionKind.Unknown)
            _isSettled = false;
        return sibling;
    }

    private ResolutionKind TryLoad(FileLocation location, SysResult look, FileStatus status, ContentCoding coding, out StaticRepresentation? representation)
    {
        representation = null;
        if (look.IsError)
            return Outcome(look);
        // Nothing else is even opened: the opening of a device may have effects.
        if (!status.IsRegular)
            return ResolutionKind.Missing;
        var opened = location.Open(ContentCodings.FileSuffix(coding));
        if (opened.IsError)
            return Outcome(opened);
        representation = loader.Load(opened.Int, coding);
        if (representation is null)
            return ResolutionKind.Missing;
        var read = representation.Status;
        _isSettled &= Math.Max(read.ModifiedSeconds, read.ChangedSeconds) < now.ToUnixTimeSeconds() - ClockGrainSeconds;
        return ResolutionKind.Found;
    }

    private SysResult Look(byte[] path, out FileStatus status)
    {
        var result = FileStatusCalls.Read(path, out status);
        _probes.Add(new Probe(path, result.IsError ? null : status));
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
