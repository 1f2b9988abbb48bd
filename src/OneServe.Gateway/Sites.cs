using OneServe.Configuration;
using OneServe.Gateway.Routing;

namespace OneServe.Gateway;

/// <summary>
/// The generations' sites on every loop: each loop has its own, with its own files in memory, and nothing is locked; only what counts a client's
/// requests is one for all. First loop only.
/// </summary>
/// <param name="loops">The first is the one that calls.</param>
/// <param name="settings">What is set once for all loops.</param>
internal sealed class Sites(IReadOnlyList<GatewayServices> loops, SettingsInForce settings)
{
    private readonly Dictionary<int, Site[]> _sites = [];

    /// <summary>Prepares another generation.</summary>
    public void Add(int generation, ServerOptions options)
    {
        var rates = RequestRates.Of(options.Routing);
        _sites[generation] = [.. loops.Select(_ => Site.Of(generation, options, rates))];
    }

    /// <summary>Puts a generation's configuration in force: at one stroke on each loop, within a turn on all.</summary>
    /// <param name="generation">Its number.</param>
    /// <param name="served">Called when all loops serve it.</param>
    public void Activate(int generation, Action served)
    {
        if (!_sites.TryGetValue(generation, out var sites))
            return;
        settings.Set(sites[0].Options);
        OnEach((services, i) => services.Serve(sites[i]), served);
    }

    /// <summary>Calls back when every loop has had a turn.</summary>
    public void AfterTurnOfAll(Action done) => OnEach(static (_, _) => { }, done);

    /// <summary>How the number of a generation's workers follows the load.</summary>
    public ScalingOptions ScalingOf(int generation) => _sites.TryGetValue(generation, out var sites) ? sites[0].Options.Scaling : new ScalingOptions();

    /// <summary>Lets go of a generation. A retired site stays in force when there is no other: files are served on.</summary>
    public void Retire(int generation)
    {
        if (_sites.Remove(generation, out var sites))
        {
            OnEach((services, i) =>
            {
                if (services.Site != sites[i])
                    sites[i].Dispose();
            });
        }
    }

    /// <summary>A listener does nothing but redirect to https.</summary>
    public void Redirect(int listener) => OnEach((services, _) => services.Redirect(listener));

    /// <summary>Every answer ends its connection from now on.</summary>
    public void EndConnections() => OnEach((services, _) => services.Draining = true);

    private void OnEach(Action<GatewayServices, int> action, Action? done = null)
    {
        int left = loops.Count;
        void Act(int index)
        {
            action(loops[index], index);
            if (Interlocked.Decrement(ref left) > 0 || done is null)
                return;
            if (index == 0)
                done();
            else
                loops[0].Loop.Post(_ => done(), null);
        }

        Act(0);
        for (int i = 1; i < loops.Count; i++)
        {
            int index = i;
            loops[i].Loop.Post(_ => Act(index), null);
        }
    }
}
