using OneServe.Configuration;

namespace OneServe.Gateway.Routing;

/// <summary>The limits of a configuration's routes, one each for all loops: a client's connections may be on several.</summary>
internal sealed class RequestRates
{
    private readonly Dictionary<RouteOptions, RequestRate> _rates = new(ReferenceEqualityComparer.Instance);

    public static RequestRates Of(RoutingOptions options)
    {
        var all = new RequestRates();
        foreach (var route in options.Routes)
        {
            if (route.Action is RouteAction.RateLimit limit)
                all._rates[route] = new RequestRate(limit.PerSecond, limit.Burst);
        }
        return all;
    }

    /// <summary>Null: the route has none.</summary>
    public RequestRate? Of(RouteOptions route) => _rates.GetValueOrDefault(route);
}
