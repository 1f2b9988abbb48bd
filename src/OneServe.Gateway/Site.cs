using OneServe.Configuration;
using OneServe.Gateway.Http;
using OneServe.StaticFiles;

namespace OneServe.Gateway;

/// <summary>What one generation's configuration means to the gateway. Never changes; a reload puts another in its place.</summary>
internal sealed class Site(int generation, ServerOptions options, StaticSite responder) : IDisposable
{
    public static Site Empty { get; } = new(0, new ServerOptions(), StaticSite.None);

    public int Generation { get; } = generation;

    public ServerOptions Options { get; } = options;

    public StaticSite Static { get; } = responder;

    /// <summary>Lets go of its files. Answers that are on their way keep theirs.</summary>
    public void Dispose() => Static.Dispose();

    public static Site Of(int generation, ServerOptions options)
        => new(generation, options, options.StaticMaps.IsEmpty ? StaticSite.None : new StaticSite(
            new StaticFileMaps(options.StaticMaps.Select(map => new StaticMap(map.Prefix, map.Target)))));
}
