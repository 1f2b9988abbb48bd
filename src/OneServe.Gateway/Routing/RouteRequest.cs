using System.Text.RegularExpressions;
using OneServe.Configuration;
using OneServe.Gateway.Http;

namespace OneServe.Gateway.Routing;

/// <summary>A request as routes see it.</summary>
/// <param name="head">Its head.</param>
/// <param name="path">The decoded path.</param>
/// <param name="address">The client's; empty behind a UNIX socket.</param>
/// <param name="now">The time, ms.</param>
internal sealed partial class RouteRequest(IClientRequest head, string path, string address, long now)
{
    private string? _merged;

    public long Now { get; } = now;

    public string Address { get; } = address;

    /// <summary>Whom a route has let in.</summary>
    public string User { get; set; } = "";

    public string Authorization => head.Headers.Authorization.ToString();

    /// <summary>Path and query as sent. A target with scheme and host is one without: else nobody's pattern would match it.</summary>
    public string Uri => OriginForm.Of(head.RawTarget);

    public string TextOf(RouteSubject subject) => subject switch
    {
        RouteSubject.Path => MergedPath,
        RouteSubject.Uri => Uri,
        RouteSubject.Host => head.Headers.Host.ToString(),
        RouteSubject.Query => Query,
        RouteSubject.RemoteAddress => Address,
        RouteSubject.UserAgent => head.Headers.UserAgent.ToString(),
        RouteSubject.Referer => head.Headers.Referer.ToString(),
        _ => User,
    };

    /// <summary>The value of a variable; empty when the request has none of that name.</summary>
    public string ValueOf(string variable) => variable switch
    {
        "PATH_INFO" => path,
        "REQUEST_URI" => Uri,
        "QUERY_STRING" => Query,
        "REQUEST_METHOD" => head.Method,
        "REMOTE_ADDR" => Address,
        "REMOTE_USER" => User,
        "SERVER_PROTOCOL" => head.Protocol,
        "CONTENT_TYPE" => head.Headers.ContentType.ToString(),
        _ => Field(variable),
    };

    /// <summary>The path with one slash for several: /a//b names the same file as /a/b, and must not slip past a route about it.</summary>
    private string MergedPath => _merged ??= path.Contains("//", StringComparison.Ordinal) ? Slashes().Replace(path, "/") : path;

    private string Query => head.QueryString.Length > 0 ? head.QueryString[1..] : "";

    private string Field(string variable)
        => variable.StartsWith(RouteVariable.FieldPrefix, StringComparison.Ordinal)
            ? head.Headers[variable[RouteVariable.FieldPrefix.Length..].Replace('_', '-')].ToString()
            : "";

    [GeneratedRegex("/{2,}")]
    private static partial Regex Slashes();
}
