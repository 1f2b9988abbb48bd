namespace OneServe.Master.Watching;

/// <summary>Which names in a watched directory are people's work, and which come and go: those of editors, of Python, of databases.</summary>
internal static class WatchedNames
{
    /// <summary>Vim makes it to see whether it may write in a directory.</summary>
    private const string VimProbe = "4913";

    private static readonly string[] PassingEndings = ["~", ".swp", ".swo", ".swx", ".tmp", ".bak", "___jb_tmp___", "___jb_old___", ".pyc", "-journal", "-wal", "-shm"];

    private static readonly HashSet<string> ForeignDirectories = new(StringComparer.Ordinal) { "__pycache__", "node_modules", "site-packages", "dist-packages" };

    /// <summary>A file that is nobody's content; hidden ones are none either.</summary>
    public static bool IsPassing(string name)
        => IsHidden(name) || name == VimProbe || PassingEndings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal));

    /// <summary>What is below it is not the work of whoever runs this site.</summary>
    public static bool IsForeignDirectory(string name) => IsHidden(name) || ForeignDirectories.Contains(name);

    /// <summary>Python: `foo.py`, but not Emacs' lock `.#foo.py`.</summary>
    public static bool IsSource(string name) => name.EndsWith(".py", StringComparison.Ordinal) && !IsHidden(name);

    private static bool IsHidden(string name) => name.Length == 0 || name[0] is '.' or '#';
}
