using OneServe.Master.Loop;
using Serilog;

namespace OneServe.Master.Watching;

/// <summary>Notices changes of files at once; several together are one. Where the kernel does not tell of changes it looks, period by period.</summary>
internal sealed class FileWatch : IDisposable
{
    /// <summary>A change is told when nothing has happened for so long: an editor saves several files, `git checkout` many.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    /// <summary>Or after so long, if there is no end to it.</summary>
    private static readonly TimeSpan LongestStir = TimeSpan.FromSeconds(1);

    /// <summary>Directories; beyond it nothing is added.</summary>
    private const int Most = 16 * 1024;

    private readonly EventLoop _loop;
    private readonly ILogger _log;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _period;
    private readonly Action<IReadOnlyList<string>> _changed;
    private readonly DirectoryEvents _events;
    private readonly Dictionary<string, WatchedDirectory> _directories = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ignored = new(StringComparer.Ordinal);
    private readonly List<string> _late = [];
    private readonly HashSet<string> _everLate = new(StringComparer.Ordinal);
    private IDisposable? _look;
    private IDisposable? _poll;
    private long _stirredSince;
    private bool _isFull;

    /// <param name="loop">Whose thread everything runs on.</param>
    /// <param name="log">Told what cannot be watched.</param>
    /// <param name="clock">Of the loop.</param>
    /// <param name="period">Between two looks at what the kernel does not tell of.</param>
    /// <param name="changed">Receives the paths of the files, sorted.</param>
    public FileWatch(EventLoop loop, ILogger log, TimeProvider clock, TimeSpan period, Action<IReadOnlyList<string>> changed)
    {
        (_loop, _log, _clock, _period, _changed) = (loop, log, clock, period, changed);
        _events = new DirectoryEvents(loop, log, Stir);
    }

    /// <summary>How many directories are watched.</summary>
    public int Directories => _directories.Count;

    /// <summary>Watches one file, and what it is a link to.</summary>
    /// <param name="path">Absolute; it need not be there.</param>
    /// <param name="unless">A file that is new here and was written at this time or later counts as changed: who read it may have read what it was before.</param>
    public void AddFile(string path, DateTimeOffset? unless = null)
    {
        if (DirectoryOf(Path.GetDirectoryName(path)) is not { } directory)
            return;
        // Once for each file: an import that writes it would have no end.
        if (directory.Include(Path.GetFileName(path)) is { } stamp && unless is { } time && stamp.IsSince(time) && _everLate.Add(path))
        {
            _late.Add(path);
            Stir([]);
        }
        if (new FileInfo(path) is { LinkTarget: not null } link && TargetOf(link) is { } target && target != path)
            AddFile(target, unless);
    }

    /// <summary>Watches every Python source in a directory, and what is made there.</summary>
    public void AddCode(string directory) => DirectoryOf(directory)?.IncludeCode();

    /// <summary>Watches everything in a directory and below.</summary>
    public void AddTree(string directory)
    {
        foreach (string below in DirectoryOf(directory)?.IncludeTree() ?? [])
            AddTree(below);
    }

    /// <summary>This file never counts; of a path that ends with a slash nothing below does.</summary>
    public void Ignore(string path) => _ignored.Add(path);

    public void Dispose()
    {
        _look?.Dispose();
        _poll?.Dispose();
        _events.Dispose();
    }

    private static string? TargetOf(FileInfo link)
    {
        try
        {
            return link.ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private WatchedDirectory? DirectoryOf(string? path, bool isFound = false)
    {
        if (path is null)
            return null;
        if (path.Length > 1)
            path = path.TrimEnd('/');
        if (_directories.TryGetValue(path, out var known))
            return known;
        if (_directories.Count >= Most)
        {
            if (!_isFull)
                _log.Warning("More than {Most} directories are not watched, such as {Path}", Most, path);
            _isFull = true;
            return null;
        }
        var directory = new WatchedDirectory(path) { IsFound = isFound, IsChangedByOthers = Posix.FileSystemType.IsChangedByOthers(path) };
        _directories[path] = directory;
        // Before the first look: what happens in between is seen twice, not never.
        _events.Add(directory);
        PollIfNeeded();
        return directory;
    }

    /// <summary>A look is due when it has been quiet for a while.</summary>
    private void Stir(IReadOnlyCollection<WatchedDirectory> dirty)
    {
        foreach (var directory in dirty)
            directory.IsDirty = true;
        if (_look is null)
            _stirredSince = _clock.GetTimestamp();
        var left = LongestStir - _clock.GetElapsedTime(_stirredSince);
        _look?.Dispose();
        _look = _loop.Timers.After(left < Quiet ? TimeSpan.FromTicks(Math.Max(0, left.Ticks)) : Quiet, Look);
    }

    private void Look()
    {
        _look?.Dispose();
        _look = null;
        var changed = new List<string>(_late);
        _late.Clear();
        var dirty = new Queue<WatchedDirectory>(_directories.Values.Where(static directory => directory.IsDirty));
        while (dirty.TryDequeue(out var directory))
        {
            _events.Add(directory);
            var found = new List<string>();
            if (!directory.Look(changed, found) && directory.IsFound)
                Forget(directory);
            foreach (string path in found)
            {
                if (Found(path, directory.IsTree) is { IsDirty: true } below)
                    dirty.Enqueue(below);
            }
        }
        PollIfNeeded();
        changed.RemoveAll(IsIgnored);
        if (changed.Count > 0)
            _changed([.. changed.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
    }

    private WatchedDirectory? Found(string path, bool isTree)
    {
        if (!isTree && File.Exists(Path.Join(path, "pyvenv.cfg")))
            return null;
        var directory = DirectoryOf(path, isFound: true);
        if (isTree)
            directory?.IncludeTree();
        else
            directory?.IncludeCode();
        // One that was known before, and is back.
        if (directory is { Watch: < 0 })
            directory.IsDirty = true;
        return directory;
    }

    private void Forget(WatchedDirectory directory)
    {
        _events.Remove(directory);
        _directories.Remove(directory.Path);
    }

    private static bool NeedsPolling(WatchedDirectory directory) => directory.Watch < 0 || directory.IsChangedByOthers;

    private void PollIfNeeded()
    {
        if (_poll is null && _directories.Values.Any(NeedsPolling))
            _poll = _loop.Timers.After(_period, Poll);
    }

    private void Poll()
    {
        _poll = null;
        foreach (var directory in _directories.Values.Where(NeedsPolling))
            directory.IsDirty = true;
        // One that is due soon looks at these, too; now it would part what is being saved together.
        if (_look is null)
            Look();
    }

    private bool IsIgnored(string path)
        => _ignored.Contains(path) || _ignored.Any(ignored => ignored.EndsWith('/') && path.StartsWith(ignored, StringComparison.Ordinal));
}
