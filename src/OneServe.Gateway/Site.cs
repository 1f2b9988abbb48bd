using OneServe.Configuration;
using OneServe.Gateway.Http;
using OneServe.Gateway.Http.Proxies;
using OneServe.Gateway.Logging;
using OneServe.Gateway.Routing;

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

    /// <summary>What is decided before files and application; null: nothing.</summary>
    public RouteTable? Routes { get; private init; }

    /// <summary>`log-format`; null: the default line.</summary>
    public LineFormat? LineFormat { get; private init; }

    /// <summary>Lines tell the memory of processes.</summary>
    public bool LogsMemory => Options.AccessLog.Memory || LineFormat is { TellsMemory: true };

    /// <summary>`add-header`; null: none.</summary>
    public AddedFields? AddedFields { get; private init; }

    /// <summary>Null: there are none.</summary>
    public ErrorPages? ErrorPages { get; private init; }

    /// <summary>True while there is something that <see cref="Trim"/> may drop one day.</summary>
    public bool HasToTrim => Static.HoldsFiles || Delegated.HoldsFiles || Routes is { HasToTrim: true };

    /// <summary>Drops what was not used for a while.</summary>
    /// <param name="now">The loop's time, ms.</param>
    public void Trim(long now)
    {
        Static.Trim();
        Delegated.Trim();
        Routes?.Trim(now);
    }

    /// <summary>Lets go of its files. Answers that are on their way keep theirs.</summary>
    public void Dispose()
    {
        Static.Dispose();
        Delegated.Dispose();
        Routes?.Dispose();
    }

    /// <param name="generation">Its number.</param>
    /// <param name="options">Its configuration.</param>
    /// <param name="rates">What the sites of all loops count together.</param>
    public static Site Of(int generation, ServerOptions options, RequestRates rates) => new(
        generation,
        options,
        StaticRuleReader.MapsOf(options) is { } maps ? new StaticSite(maps) : StaticSite.None,
        new DelegatedFiles(StaticRuleReader.SendDirectoriesOf(options.StaticFiles), StaticRuleReader.SendMapsOf(options.StaticFiles)))
    {
        Routes = RouteReader.TableOf(options, rates),
        AddedFields = RouteReader.FieldsOf(options.Routing),
        ErrorPages = ErrorPages.Of(options.Routing),
        LineFormat = LineFormat.Of(options.AccessLog),
    };
}
