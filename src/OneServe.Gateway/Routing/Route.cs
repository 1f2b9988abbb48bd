using System.Text.RegularExpressions;
using OneServe.Configuration;

namespace OneServe.Gateway.Routing;

/// <summary>A route that can be run: its pattern, and what its action has to keep.</summary>
internal sealed class Route(RouteOptions options)
{
    private const RegexOptions Form = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    // Hosts have no case (RFC 9110, 4.2.3), and a client must not choose whether a route is about it.
    private readonly Regex? _pattern = options.Subject is { } subject
        ? new Regex(options.Pattern, subject == RouteSubject.Host ? Form | RegexOptions.IgnoreCase : Form)
        : null;

    public RouteAction Action { get; } = options.Action;

    public RouteSubject? Subject { get; } = options.Subject;

    /// <summary>Of `basicauth`.</summary>
    public PasswordList? Passwords { get; } = options.Action is RouteAction.BasicAuth auth ? PasswordList.Of(auth) : null;

    /// <summary>Of `ratelimit`.</summary>
    public RequestRate? Rate { get; init; }

    /// <summary>Of `static`.</summary>
    public RouteFile? Files { get; init; }

    /// <summary>No further route is run after it.</summary>
    public bool Ends => Action is RouteAction.Answer or RouteAction.Cut or RouteAction.Last or RouteAction.Redirect or RouteAction.SendFile;

    /// <summary>Is the route about this request?</summary>
    /// <param name="match">For the groups; null without a pattern.</param>
    public bool Concerns(RouteRequest request, out Match? match)
    {
        match = null;
        if (_pattern is null)
            return true;
        string text = request.TextOf(Subject!.Value);
        // Most routes are not about most requests: whether is cheaper to know than where.
        if (!_pattern.IsMatch(text))
            return false;
        match = _pattern.Match(text);
        return true;
    }
}
