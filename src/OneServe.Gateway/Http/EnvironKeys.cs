using OneServe.Application.Marshal;

namespace OneServe.Gateway.Http;

/// <summary>Environ keys in marshalled form: the fixed ones, and those of header fields, remembered as they come.</summary>
internal static class EnvironKeys
{
    /// <summary>Clients choose header names: the table is bounded.</summary>
    private const int MaximumRemembered = 1024;

    /// <summary>A marshalled short string has one byte for its length.</summary>
    private const int MaximumName = 240;

    private static readonly Dictionary<string, byte[]> Remembered = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Content-Type"] = MarshalledKey.Of("CONTENT_TYPE"),
        // Written from the body's length, which is also known when the client sent chunks.
        ["Content-Length"] = [],
        ["Transfer-Encoding"] = [],
        // A proxy's header of this name would reach CGI programs as HTTP_PROXY.
        ["Proxy"] = [],
    };

    public static readonly byte[] Method = MarshalledKey.Of("REQUEST_METHOD");
    public static readonly byte[] Uri = MarshalledKey.Of("REQUEST_URI");
    public static readonly byte[] ScriptName = MarshalledKey.Of("SCRIPT_NAME");
    public static readonly byte[] PathInfo = MarshalledKey.Of("PATH_INFO");
    public static readonly byte[] Query = MarshalledKey.Of("QUERY_STRING");
    public static readonly byte[] Protocol = MarshalledKey.Of("SERVER_PROTOCOL");
    public static readonly byte[] RemoteAddress = MarshalledKey.Of("REMOTE_ADDR");
    public static readonly byte[] RemoteUser = MarshalledKey.Of("REMOTE_USER");
    public static readonly byte[] RemotePort = MarshalledKey.Of("REMOTE_PORT");
    public static readonly byte[] ServerName = MarshalledKey.Of("SERVER_NAME");
    public static readonly byte[] ServerPort = MarshalledKey.Of("SERVER_PORT");
    public static readonly byte[] Scheme = MarshalledKey.Of("wsgi.url_scheme");
    public static readonly byte[] Https = MarshalledKey.Of("HTTPS");
    public static readonly byte[] ContentLength = MarshalledKey.Of("CONTENT_LENGTH");

    /// <summary>The key of a header field; empty when the field is not passed on. Loop thread only.</summary>
    /// <remarks>Names with <c>_</c> are not passed on: in the environ they could not be told from those with <c>-</c>, and would spoof them.</remarks>
    public static byte[] OfHeader(string name)
    {
        if (Remembered.TryGetValue(name, out byte[]? key))
            return key;
        key = name.Length > MaximumName || name.Contains('_') ? [] : MarshalledKey.Of("HTTP_" + name.ToUpperInvariant().Replace('-', '_'));
        if (Remembered.Count < MaximumRemembered)
            Remembered[name] = key;
        return key;
    }
}
