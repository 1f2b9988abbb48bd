using System.Globalization;

namespace OneServe.Gateway.Logging;

/// <summary>`%(var.NAME)`: an entry of the environ, also for requests that never got one.</summary>
internal sealed class EnvironVariable
{
    private const string FieldPrefix = "HTTP_";

    private readonly string _name;
    private readonly string? _field;

    public EnvironVariable(string name)
    {
        _name = name;
        _field = name == "CONTENT_TYPE" ? "Content-Type"
            : name.StartsWith(FieldPrefix, StringComparison.Ordinal) ? name[FieldPrefix.Length..].Replace('_', '-')
            : null;
    }

    /// <summary>Its value; empty: the request has none of that name.</summary>
    public ReadOnlySpan<char> Of(scoped in AccessLogEntry entry)
    {
        if (_field is not null)
            return entry.Request?.Fields[_field].ToString();
        return _name switch
        {
            "REQUEST_METHOD" => entry.Method,
            "REQUEST_URI" => entry.Target,
            "SERVER_PROTOCOL" => entry.Protocol,
            "REMOTE_ADDR" => entry.RemoteAddress,
            "REMOTE_USER" => entry.User,
            _ => entry.Request is { } request ? Of(request) : default,
        };
    }

    private ReadOnlySpan<char> Of(ILoggedRequest request) => _name switch
    {
        "PATH_INFO" => request.Path,
        "QUERY_STRING" => request.Query is ['?', .. var query] ? query : default,
        "REQUEST_SCHEME" or "wsgi.url_scheme" => request.Scheme,
        "HTTPS" => request.Scheme == "https" ? "on" : "",
        "REMOTE_PORT" => request.RemotePort,
        "SERVER_PORT" => request.ServerPort,
        "CONTENT_LENGTH" => request.ContentLength > 0 ? request.ContentLength.ToString(CultureInfo.InvariantCulture) : "",
        "SERVER_NAME" => Environment.MachineName,
        _ => default,
    };
}
