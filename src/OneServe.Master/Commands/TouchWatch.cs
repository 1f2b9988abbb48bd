using System.Collections.Immutable;
using OneServe.Configuration;
using OneServe.Master.Loop;
using OneServe.Posix;
using Serilog;

namespace OneServe.Master.Commands;

/// <summary>`touch-reload` and its kin: notices that a file has another time or is another file, made by `touch`, an editor or a rename.</summary>
/// <remarks>Directories are watched, not files: what is put in a file's place by rename is another file. Nothing runs while nothing happens.</remarks>
internal sealed class TouchWatch(EventLoop loop, ILogger log, Action<Setting> touched) : IDisposable
{
    private readonly Dictionary<string, Watched> _files = new(StringComparer.Ordinal);
    private FileWatch? _watch;

    /// <summary>Watches these from now on, in place of what was watched before. What has been touched since it was last looked at counts.</summary>
    public void Follow(ImmutableArray<Setting> files)
    {
        Dispose();
        var before = _files.ToDictionary();
        _files.Clear();
        if (files.IsEmpty)
            return;
        _watch = new FileWatch();
        loop.Watch(_watch.Descriptor, Look);
        foreach (var setting in files)
        {
            string path = setting.Value;
            _files[path] = new Watched(setting, before.TryGetValue(path, out var known) ? known.Stamp : Stamp.Of(path));
            var added = _watch.Add(Path.GetDirectoryName(path) ?? "/");
            if (!added.IsError && Directory.Exists(path))
                added = _watch.Add(path);
            if (added.IsError)
                log.Warning("{Source}: {Setting}: changes will not be seen: {Reason}", setting.Source, setting, Errno.Describe(added.Errno));
        }
        loop.Post(Look);
    }

    public void Dispose()
    {
        if (_watch is null)
            return;
        loop.Unwatch(_watch.Descriptor);
        _watch.Dispose();
        _watch = null;
    }

    private void Look()
    {
        _watch?.Clear();
        Setting? changed = null;
        foreach (var (path, watched) in _files.ToArray())
        {
            var stamp = Stamp.Of(path);
            if (stamp == watched.Stamp)
                continue;
            _files[path] = watched with { Stamp = stamp };
            // One that has gone may be on its way back: an editor's rename in two steps.
            if (stamp is not null)
                changed = watched.Setting;
        }
        if (changed is not null)
            touched(changed);
    }

    private readonly record struct Watched(Setting Setting, Stamp? Stamp);

    private readonly record struct Stamp(ulong Inode, long Seconds, long Nanoseconds)
    {
        public static Stamp? Of(string path)
            => Mono.Unix.Native.Syscall.stat(path, out var status) == 0 ? new Stamp(status.st_ino, status.st_mtime, status.st_mtime_nsec) : null;
    }
}
