using Mono.Unix.Native;
using OneServe.Posix;

namespace OneServe.Master.Start;

/// <summary>The paths that we have made and shall remove. A path that names another file by then belongs to somebody else and stays.</summary>
internal sealed class PathLedger
{
    private readonly Dictionary<string, (FileIdentity Identity, bool Kept)> _entries = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Paths => _entries.Keys;

    /// <summary>Notes the file that the path names now.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="kept">It outlives an ordinary end (a UNIX socket without `vacuum`); only a start that fails takes it along.</param>
    public void Add(string path, bool kept = false)
    {
        if (FileIdentity.Of(path) is { } identity)
            _entries[path] = (identity, kept);
    }

    /// <summary>Removes one path, if it still is what we made.</summary>
    public void Remove(string path)
    {
        if (_entries.Remove(path, out var entry) && FileIdentity.Of(path) == entry.Identity)
            Syscall.unlink(path);
    }

    /// <summary>The end of the server.</summary>
    /// <param name="startFailed">Then everything goes: nothing has been there for anybody.</param>
    public void RemoveAll(bool startFailed)
    {
        foreach (string path in _entries.Where(entry => startFailed || !entry.Value.Kept).Select(static entry => entry.Key).ToArray())
            Remove(path);
    }
}
