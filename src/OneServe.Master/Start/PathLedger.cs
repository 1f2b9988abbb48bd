using Mono.Unix.Native;
using OneServe.Posix;

namespace OneServe.Master.Start;

/// <summary>The paths that we have made and shall remove. A path that names another file by then belongs to somebody else and stays.</summary>
internal sealed class PathLedger
{
    private readonly Dictionary<string, FileIdentity> _entries = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Paths => _entries.Keys;

    /// <summary>Notes the file that the path names now.</summary>
    public void Add(string path)
    {
        if (FileIdentity.Of(path) is { } identity)
            _entries[path] = identity;
    }

    /// <summary>Removes one path, if it still is what we made.</summary>
    public void Remove(string path)
    {
        if (_entries.Remove(path, out var identity) && FileIdentity.Of(path) == identity)
            Syscall.unlink(path);
    }

    public void RemoveAll()
    {
        foreach (string path in _entries.Keys.ToArray())
            Remove(path);
    }
}
