using System.Collections.Immutable;
using OneServe.Configuration;
using OneServe.Master.Loop;
using OneServe.Master.Watching;

namespace OneServe.Master.Commands;

/// <summary>`touch-reload` and its kin: notices that a file has another time or is another file, made by `touch`, an editor, a rename, or a link that turns.</summary>
/// <remarks>
/// Paths are looked at once a second, as uWSGI does: whatever changes above the file (a `current` link of a release, a directory made anew) is seen, which no
/// watch on one directory does. Nothing runs when no file was named.
/// </remarks>
internal sealed class TouchWatch(EventLoop loop, Action<Setting> touched) : IDisposable
{
    private const string Chain = "touch-chain-reload";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Watched> _files = new(StringComparer.Ordinal);
    private IDisposable? _next;

    /// <summary>Watches these from now on, in place of what was watched before. What has been touched since it was last looked at counts.</summary>
    public void Follow(ImmutableArray<Setting> files)
    {
        Dispose();
        var before = _files.ToDictionary();
        _files.Clear();
        foreach (var setting in files)
            _files[setting.Value] = new Watched(setting, before.TryGetValue(setting.Value, out var known) ? known.Stamp : FileStamp.Of(setting.Value));
        if (!files.IsEmpty)
            loop.Post(Look);
    }

    public void Dispose()
    {
        _next?.Dispose();
        _next = null;
    }

    private void Look()
    {
        Setting? changed = null;
        foreach (var (path, watched) in _files.ToArray())
        {
            var stamp = FileStamp.Of(path);
            if (stamp == watched.Stamp)
                continue;
            _files[path] = watched with { Stamp = stamp };
            // One that has gone may be on its way back: an editor's rename in two steps. Of several the one that asks for more counts.
            if (stamp is not null && (changed is null || changed.Name == Chain))
                changed = watched.Setting;
        }
        Dispose();
        _next = loop.Timers.After(Interval, Look);
        if (changed is not null)
            touched(changed);
    }

    private readonly record struct Watched(Setting Setting, FileStamp? Stamp);
}
