using OneServe.Configuration;
using OneServe.Master.Loop;
using Serilog;

namespace OneServe.Master.Watching;

/// <summary>The files whose change is a reload: those of the Python code (`py-autoreload`), and those that were named (`fs-reload`).</summary>
/// <remarks>
/// What a generation has loaded stays watched after its end: the next one may have failed because of it, and its workers load it later, when the first
/// request asks for it.
/// </remarks>
internal sealed class CodeWatch(EventLoop loop, ILogger log, TimeProvider clock, Action<IReadOnlyList<string>> changed)
{
    private FileWatch? _files;
    private DevelopmentOptions _options = new();

    /// <summary>Watches as a generation's configuration asks for; what was watched before goes on if it asks for the same.</summary>
    /// <param name="options">Its configuration.</param>
    /// <param name="modules">What it has loaded up to now.</param>
    /// <param name="isLate">See <see cref="Add"/>.</param>
    public void Follow(DevelopmentOptions options, LoadedModules modules, bool isLate)
    {
        if (options.WatchesAs(_options))
            return;
        _files?.Dispose();
        _files = null;
        _options = options;
        if (!options.Watches)
            return;
        _files = new FileWatch(loop, log, clock, options.Period, changed);
        foreach (var setting in options.Files)
            AddNamed(_files, setting);
        Add(modules, isLate);
    }

    /// <summary>A process has loaded these.</summary>
    /// <param name="modules">Their files.</param>
    /// <param name="isLate">They were read since <see cref="LoadedModules.Since"/>, unwatched: what was written since then counts as changed.</param>
    public void Add(LoadedModules modules, bool isLate)
    {
        if (_files is null || !_options.ReloadsCode)
            return;
        foreach (string path in modules.Ignored)
            _files.Ignore(path);
        foreach (string path in modules.Paths)
        {
            if (path.EndsWith('/'))
                _files.AddCode(path);
            else
                _files.AddFile(path, isLate ? modules.Since : null);
        }
    }

    /// <summary>For whoever has just started the server.</summary>
    public void Tell()
    {
        if (_files is not null)
            log.Information("Files in {Directories} directories are watched: a change reloads", _files.Directories);
    }

    private void AddNamed(FileWatch files, Setting setting)
    {
        string path = setting.Value;
        if (Directory.Exists(path))
        {
            files.AddTree(path);
            return;
        }
        if (!File.Exists(path))
            log.Warning("{Source}: {Setting}: nothing is there yet. A file that appears there reloads", setting.Source, setting);
        files.AddFile(path);
    }
}
