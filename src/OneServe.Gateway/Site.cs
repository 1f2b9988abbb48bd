using OneServe.Configuration;
using OneServe.Gateway.Http;
using OneServe.Gateway.Http.Proxies;

namespace OneServe.Gateway;

/// <summary>What one generation's configuration means to the gateway. Never changes; a reload puts another in its place.</summary>
internal sealed class Site(int generation, ServerOptions options, StaticSite responder, DelegatedFiles delegated) : IDisposable
{
    public static Site Empty { get; } = new(0, new ServerOptions(), StaticSite.None, new DelegatedFiles(null, null));

    public int Generation { get; } = generation;

    public ServerOptions Options { get; } = options;

    public StaticSite Static { get; } = responder;

    /// <summary>Who is believed when he says for whom he asks.</summary>
    public TrustedProxies Proxies { get; } = new(options.Proxies);

    /// <summary>Files that the application may name in its answers.</summary>
    public DelegatedFiles Delegated { get; } = delegated;

    /// <summary>True while there is something that <see cref="Trim"/> may drop one day.</summary>
    public bool HoldsFiles => Static.HoldsFiles || Delegated.HoldsFiles;

    /// <summary>Drops what was not used for a while.</summary>
    public void Trim()
    {
        Static.Trim();
        Delegated.Trim();
    }

    /// <summary>Lets go of its files. Answers that are on their way keep theirs.</summary>
    public void Dispose()
    {
        Static.Dispose();
        Delegated.Dispose();
    }

    public static Site Of(int generation, ServerOptions options) => new(
        generation,
        options,
        StaticRuleReader.MapsOf(options) is { } maps ? new StaticSite(maps) : StaticSite.None,
        new DelegatedFiles(StaticRuleReader.SendDirectoriesOf(options.StaticFiles), StaticRuleReader.SendMapsOf(options.StaticFiles)));
}
