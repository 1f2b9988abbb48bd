namespace OneServe.Master.Watching;

/// <summary>A directory and what counts in it: some files by their names, every Python source, or everything.</summary>
/// <remarks>
/// Whatever says that something may have happened, a look finds out: it compares what is there with what was there before. So neither an event
/// that was lost nor one for nothing does harm.
/// </remarks>
internal sealed class WatchedDirectory(string path)
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileStamp> _seen = new(StringComparer.Ordinal);

    /// <summary>Absolute.</summary>
    public string Path => path;

    /// <summary>The kernel's number for it; -1: it does not tell, so that somebody has to look.</summary>
    public int Watch { get; set; } = -1;

    /// <summary>Changes may come that the kernel does not tell of.</summary>
    public bool IsChangedByOthers { get; set; }

    /// <summary>Something may have happened since the last look.</summary>
    public bool IsDirty { get; set; }

    /// <summary>It was made while others were watched; when it goes it is forgotten.</summary>
    public bool IsFound { get; init; }

    /// <summary>Every Python source counts, and every directory that is made here, for it may be a package.</summary>
    public bool HoldsCode { get; private set; }

    /// <summary>Everything counts, in the directories below too.</summary>
    public bool IsTree { get; private set; }

    /// <summary>Does an event about this name call for a look?</summary>
    public bool Concerns(string name, bool isDirectory) => isDirectory
        ? (HoldsCode || IsTree) && !WatchedNames.IsForeignDirectory(name)
        : _names.Contains(name) || (IsTree && !WatchedNames.IsPassing(name)) || (HoldsCode && WatchedNames.IsSource(name));

    /// <summary>This file counts.</summary>
    /// <returns>Its stamp when it had not been known; null when it was, or is not there.</returns>
    public FileStamp? Include(string name)
    {
        _names.Add(name);
        if (_seen.ContainsKey(name) || FileStamp.Of(Join(name)) is not { } stamp)
            return null;
        _seen[name] = stamp;
        return stamp;
    }

    /// <summary>Every Python source counts from now on.</summary>
    public void IncludeCode()
    {
        if (HoldsCode)
            return;
        HoldsCode = true;
        Remember();
    }

    /// <summary>Everything counts from now on.</summary>
    /// <returns>The directories in it, which count as well.</returns>
    public IReadOnlyList<string> IncludeTree()
    {
        if (IsTree)
            return [];
        IsTree = true;
        return Remember();
    }

    /// <summary>Finds what differs from the last look.</summary>
    /// <param name="changed">Receives paths of files.</param>
    /// <param name="found">Receives paths of directories that were not there before.</param>
    /// <returns>False when the directory itself is not there.</returns>
    public bool Look(List<string> changed, List<string> found)
    {
        IsDirty = false;
        foreach (string name in _names)
            Compare(name, changed);
        if (!HoldsCode && !IsTree)
            return true;
        var (files, directories) = Entries();
        foreach (string name in files ?? [])
        {
            if (!_names.Contains(name) && Concerns(name, isDirectory: false))
                Compare(name, changed);
        }
        if (IsTree)
            FindRemoved(files ?? [], changed);
        FindDirectories(directories, found);
        return files is not null;
    }

    /// <summary>What is there now is no change; but in a directory that has just been made everything is new.</summary>
    private List<string> Remember()
    {
        if (IsFound)
        {
            IsDirty = true;
            return [];
        }
        var (files, directories) = Entries();
        foreach (string name in files ?? [])
        {
            if (Concerns(name, isDirectory: false) && !_seen.ContainsKey(name) && FileStamp.Of(Join(name)) is { } stamp)
                _seen[name] = stamp;
        }
        directories.RemoveAll(name => !Concerns(name, isDirectory: true));
        _directories.UnionWith(directories);
        return directories.ConvertAll(Join);
    }

    private void Compare(string name, List<string> changed)
    {
        string file = Join(name);
        // What has gone may be on its way back: an editor's rename in two steps.
        if (FileStamp.Of(file) is not { } stamp || (_seen.TryGetValue(name, out var before) && before == stamp))
            return;
        _seen[name] = stamp;
        changed.Add(file);
    }

    private void FindRemoved(HashSet<string> files, List<string> changed)
    {
        foreach (string name in _seen.Keys.Where(name => !files.Contains(name) && !_names.Contains(name)).ToArray())
        {
            _seen.Remove(name);
            changed.Add(Join(name));
        }
    }

    /// <summary>A directory of code that holds none itself may be one of uploads: what is made in it is not followed.</summary>
    private void FindDirectories(List<string> directories, List<string> found)
    {
        bool follows = IsTree || !IsFound || _seen.Keys.Any(WatchedNames.IsSource);
        _directories.IntersectWith(directories);
        foreach (string name in directories)
        {
            if (Concerns(name, isDirectory: true) && follows && _directories.Add(name))
                found.Add(Join(name));
        }
    }

    /// <summary>Links to directories are left out: they may lead in a circle.</summary>
    private (HashSet<string>? Files, List<string> Directories) Entries()
    {
        var files = new HashSet<string>(StringComparer.Ordinal);
        var directories = new List<string>();
        try
        {
            foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos())
            {
                if (!entry.Attributes.HasFlag(FileAttributes.Directory))
                    files.Add(entry.Name);
                else if (!entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
                    directories.Add(entry.Name);
            }
            return (files, directories);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, []);
        }
    }

    private string Join(string name) => System.IO.Path.Join(path, name);
}
