using System.Text;
using OneServe.Configuration;
using OneServe.StaticFiles;

namespace OneServe.Gateway.Routing;

/// <summary>Makes what routes need of the options.</summary>
internal static class RouteReader
{
    /// <summary>Null: there are no routes.</summary>
    public static RouteTable? TableOf(ServerOptions options, RequestRates rates)
        => options.Routing.Routes.IsEmpty ? null : new RouteTable([.. options.Routing.Routes.Select(route => RouteOf(route, options.StaticFiles, rates))]);

    /// <summary>Null: nothing is added to answers.</summary>
    public static AddedFields? FieldsOf(RoutingOptions options) => options.AddedFields.IsEmpty ? null : new AddedFields(options.AddedFields);

    private static Route RouteOf(RouteOptions route, StaticFileOptions files, RequestRates rates) => new(route)
    {
        Files = route.Action is RouteAction.SendFile file ? new RouteFile(MapsOf(file, files)) : null,
        Rate = rates.Of(route),
    };

    private static StaticFileMaps MapsOf(RouteAction.SendFile file, StaticFileOptions files)
    {
        // A file that the configuration names is sent whatever its name and wherever a link leads; one that a client has a say in, as below a static map.
        bool isFixed = file.Name.IsFixed;
        string target = isFixed ? file.Directory + Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(file.Name.FixedBeginning)) : file.Directory;
        return new StaticFileMaps([new StaticMap("/", target)], StaticRuleReader.RouteRulesOf(files));
    }
}
