using OneServe.Configuration;
using OneServe.Master.Start;
using OneServe.Master.States;
using OneServe.Master.Watching;

namespace OneServe.Master;

/// <content>Reloads of itself when files change: `py-autoreload`, `fs-reload`.</content>
internal sealed partial class Supervisor
{
    /// <summary>What takes longer to come up may hang, because of the very mistake that has just been mended.</summary>
    private static readonly TimeSpan ImportWorthWaitingFor = TimeSpan.FromSeconds(2);

    private readonly CodeWatch _code;

    /// <summary>Changed since code took over last.</summary>
    private readonly HashSet<string> _edited = new(StringComparer.Ordinal);

    /// <summary>Those that the generation that is being built knows of.</summary>
    private readonly HashSet<string> _tried = new(StringComparer.Ordinal);

    void IGenerationOwner.ModulesLoaded(Generation generation, LoadedModules modules) => _code.Add(modules, isLate: !generation.IsCurrent);

    private void FilesChanged(IReadOnlyList<string> paths)
    {
        if (IsStopping)
            return;
        if (paths.Count == 1)
            _context.Log.Information("{Path} has changed", paths[0]);
        else
            _context.Log.Information("{Path} and {Count} more have changed", paths[0], paths.Count - 1);
        if (_building is null)
        {
            // Whoever works on the code has more of it already: the present one need not prove itself any longer.
            _reloadAgain = false;
            EndCanary();
        }
        else if (_building.Age > ImportWorthWaitingFor)
        {
            _building.Supersede();
            _building = null;
            _listeners.Discard();
            KeepEdited();
        }
        _edited.UnionWith(paths);
        Take(MasterEvent.ReloadSignal);
    }

    /// <summary>
    /// What requests have loaded of the same application: Django imports its views with the first one. The next generation is to show whether it still
    /// can before it takes over, not after.
    /// </summary>
    private LoadAgain TakeLoadAgain(ApplicationOptions application)
    {
        if (_current is not { } current || !application.NamesTheSameAs(current.Options.Application))
            return LoadAgain.Nothing;
        _tried.UnionWith(_edited);
        _edited.Clear();
        return new LoadAgain(current.Modules.Late, [.. _tried]);
    }

    /// <summary>They have not taken over: what is wrong with them is still to be found.</summary>
    private void KeepEdited()
    {
        _edited.UnionWith(_tried);
        _tried.Clear();
    }
}
