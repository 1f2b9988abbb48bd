using OneServe.Master.Loop;
using OneServe.Posix;
using Serilog;

namespace OneServe.Master.Watching;

/// <summary>Has the kernel tell of changes in directories (inotify(7)). A directory that it cannot watch keeps -1 in <see cref="WatchedDirectory.Watch"/>.</summary>
internal sealed class DirectoryEvents : IDisposable
{
    private const InotifyEvents Wanted = InotifyEvents.WrittenAndClosed | InotifyEvents.Attributes | InotifyEvents.MovedFrom | InotifyEvents.MovedTo
        | InotifyEvents.Created | InotifyEvents.Deleted | InotifyEvents.SelfDeleted | InotifyEvents.SelfMoved | InotifyEvents.DirectoriesOnly;

    private const InotifyEvents Gone = InotifyEvents.SelfDeleted | InotifyEvents.SelfMoved | InotifyEvents.Unmounted;

    private readonly EventLoop _loop;
    private readonly ILogger _log;
    private readonly Action<IReadOnlyCollection<WatchedDirectory>> _dirty;
    private readonly SafeDescriptor? _inotify;

    /// <summary>Several paths may lead to one directory.</summary>
    private readonly Dictionary<int, List<WatchedDirectory>> _byWatch = [];
    private bool _hasTold;

    /// <param name="loop">Where events are read.</param>
    /// <param name="log">Told once when the kernel refuses.</param>
    /// <param name="dirty">Called with directories in which something that concerns them has happened.</param>
    public DirectoryEvents(EventLoop loop, ILogger log, Action<IReadOnlyCollection<WatchedDirectory>> dirty)
    {
        (_loop, _log, _dirty) = (loop, log, dirty);
        var created = Inotify.Create();
        if (created.IsError)
        {
            Tell(created.Errno, "fs.inotify.max_user_instances");
            return;
        }
        _inotify = new SafeDescriptor(created.Int);
        loop.Watch(_inotify.Number, Read);
    }

    /// <summary>Begins with a directory; nothing when it is watched already or cannot be.</summary>
    public void Add(WatchedDirectory directory)
    {
        if (_inotify is null || directory.Watch >= 0)
            return;
        var watch = Inotify.Watch(_inotify.Number, directory.Path, Wanted);
        if (watch.IsError)
        {
            if (watch.Errno is Errno.ENOSPC or Errno.ENOMEM)
                Tell(watch.Errno, "fs.inotify.max_user_watches");
            return;
        }
        directory.Watch = watch.Int;
        if (!_byWatch.TryGetValue(watch.Int, out var sharing))
            _byWatch[watch.Int] = sharing = [];
        sharing.Add(directory);
    }

    /// <summary>Ends with a directory.</summary>
    public void Remove(WatchedDirectory directory)
    {
        if (directory.Watch < 0 || !_byWatch.TryGetValue(directory.Watch, out var sharing))
            return;
        sharing.Remove(directory);
        if (sharing.Count == 0)
        {
            _byWatch.Remove(directory.Watch);
            Inotify.Unwatch(_inotify!.Number, directory.Watch);
        }
        directory.Watch = -1;
    }

    public void Dispose()
    {
        if (_inotify is null)
            return;
        _loop.Unwatch(_inotify.Number);
        _inotify.Dispose();
    }

    private void Read()
    {
        var events = new List<InotifyEvent>();
        while (Inotify.Read(_inotify!.Number, events))
        {
        }
        var dirty = new HashSet<WatchedDirectory>();
        foreach (var happened in events)
        {
            if (happened.Events.HasFlag(InotifyEvents.Overflow))
                dirty.UnionWith(_byWatch.Values.SelectMany(static sharing => sharing));
            else if (_byWatch.TryGetValue(happened.Watch, out var sharing))
                Sort(happened, sharing, dirty);
        }
        if (dirty.Count > 0)
            _dirty(dirty);
    }

    private void Sort(InotifyEvent happened, List<WatchedDirectory> sharing, HashSet<WatchedDirectory> dirty)
    {
        if (happened.Events.HasFlag(InotifyEvents.Ended))
        {
            _byWatch.Remove(happened.Watch);
            foreach (var directory in sharing)
                directory.Watch = -1;
            dirty.UnionWith(sharing);
        }
        else if ((happened.Events & Gone) != 0)
        {
            // Those that were moved would be watched at their new place. `Ended` follows for each.
            foreach (int watch in _byWatch.Where(pair => pair.Value.Exists(directory => IsAtOrBelow(directory, sharing))).Select(static pair => pair.Key).ToArray())
                Inotify.Unwatch(_inotify!.Number, watch);
        }
        else
        {
            bool isDirectory = happened.Events.HasFlag(InotifyEvents.IsDirectory);
            dirty.UnionWith(sharing.Where(directory => directory.Concerns(happened.Name, isDirectory)));
        }
    }

    private static bool IsAtOrBelow(WatchedDirectory directory, List<WatchedDirectory> tops)
        => tops.Exists(top => directory == top || directory.Path.StartsWith(top.Path + "/", StringComparison.Ordinal));

    private void Tell(int errno, string limit)
    {
        if (_hasTold)
            return;
        _hasTold = true;
        _log.Warning(
            "The kernel cannot watch all files ({Reason}): those that are left are looked at now and then. `sysctl {Limit}` shows the limit, a larger one ends this",
            Errno.Describe(errno), limit);
    }
}
