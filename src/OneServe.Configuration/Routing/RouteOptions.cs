namespace OneServe.Configuration;

/// <summary>One line `route = REGEX ACTION:ARGUMENTS` or one of its kin.</summary>
/// <param name="Subject">What the pattern is compared with; null: every request (`route-run`).</param>
/// <param name="Pattern">A regular expression that can be matched in linear time; it and all texts have one character an octet, as requests have.</param>
/// <param name="Action">What is done.</param>
/// <param name="Setting">Where it was written.</param>
public sealed record RouteOptions(RouteSubject? Subject, string Pattern, RouteAction Action, Setting Setting);

/// <summary>The part of a request that a route's pattern is compared with.</summary>
public enum RouteSubject
{
    /// <summary>PATH_INFO: the decoded path.</summary>
    Path,

    /// <summary>REQUEST_URI: path and query as sent.</summary>
    Uri,

    Host,
    Query,
    RemoteAddress,
    UserAgent,
    Referer,

    /// <summary>REMOTE_USER: whom an earlier `basicauth` let in.</summary>
    RemoteUser,
}
