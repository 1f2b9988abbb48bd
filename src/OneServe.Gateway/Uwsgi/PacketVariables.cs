using System.Globalization;
using System.Net;
using System.Text;
using OneServe.Application.Marshal;
using OneServe.Gateway.Http;
using OneServe.Gateway.Http.Proxies;
using OneServe.Posix;

namespace OneServe.Gateway.Uwsgi;

/// <summary>
/// The meta-variables of a request that came by the uwsgi protocol: they reach the application as they are. What WSGI asks for and nobody has sent is
/// added; `wsgi.…` is the server's own, and HTTP_PROXY is left out, as over HTTP.
/// </summary>
internal sealed class PacketVariables : IMetaVariables
{
    private static readonly string Host = Environment.MachineName;

    private readonly SocketName _peer;
    private readonly KnownVariables _known;
    private readonly bool _managesPath;
    private readonly byte[] _variables;
    private string? _target;
    private string? _address;
    private bool _isForwardedSecurely;

    /// <param name="packet">A whole packet, checked; it is copied.</param>
    /// <param name="peer">Who has sent it.</param>
    public PacketVariables(ReadOnlySpan<byte> packet, in SocketName peer)
    {
        _peer = peer;
        _managesPath = packet[0] == UwsgiPacket.ManagePathInfo;
        _variables = packet[UwsgiPacket.HeadSize..].ToArray();
        _known = KnownVariables.Of(_variables);
        var digits = Bytes(_known.ContentLength);
        ContentLength = digits.IsEmpty ? null : long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        Method = MethodOf(Bytes(_known.Method));
    }

    public string Method { get; }

    /// <summary>Null: there is no body.</summary>
    public long? ContentLength { get; }

    public string Protocol => Bytes(_known.Protocol).SequenceEqual("HTTP/1.1"u8) ? "HTTP/1.1" : Text(_known.Protocol);

    /// <summary>As the client has sent it, if the server in front tells it.</summary>
    public string Target => _target ??= _known.Uri is { } uri ? Text(uri) : Text(_known.ScriptName) + Text(_known.Path) + QueryString;

    /// <summary>With its question mark; empty without one.</summary>
    public string QueryString => Bytes(_known.Query).IsEmpty ? "" : "?" + Text(_known.Query);

    public string Scheme => Bytes(_known.Scheme) is { IsEmpty: false } scheme ? Encoding.Latin1.GetString(scheme)
        : IsHttps || _isForwardedSecurely ? "https" : "http";

    public string Address => _address ??= _known.RemoteAddress is { } address ? Text(address) : _peer.IsInternet ? _peer.ToString() : "";

    public string User => Text(_known.RemoteUser);

    /// <summary>The server in front takes an interim response for the whole.</summary>
    public bool TakesInterimResponses => false;

    /// <summary>The server in front names an application.</summary>
    public bool HasApplication => _known.HasApplication;

    /// <summary>The variables as they came.</summary>
    public VariableReader Reader => new(_variables);

    /// <summary>As uWSGI reads it; nginx sets <c>on</c>.</summary>
    private bool IsHttps => Bytes(_known.Https) is [(byte)'1', ..] or [(byte)'o' or (byte)'O', (byte)'n' or (byte)'N', ..];

    public string ReadPath(Site site)
    {
        _isForwardedSecurely = IsForwardedSecurely(site.Proxies);
        if (_known.Path is null)
            return RequestPath.Decode(Target, Target.Split('?')[0]);
        string path = RequestPath.WithoutDotSegments(Text(_known.Path));
        return path.Length > 0 ? path : "/";
    }

    public int WriteEnviron(ref PacketWriter packet, string path, long bodyLength, string user)
    {
        var own = Bytes(_known.Path);
        bool isPathOurs = _known.Path is null || _managesPath || own.IndexOf("/."u8) >= 0;
        int count = 0;
        for (var reader = Reader; reader.TryRead(out var name, out var value);)
        {
            if (IsLeftOut(name) || (isPathOurs && name.SequenceEqual("PATH_INFO"u8)))
                continue;
            packet.Latin1(name);
            packet.Latin1(value);
            count++;
        }
        if (isPathOurs)
            count += Add(EnvironKeys.PathInfo, WithoutScriptName(path), ref packet);
        count += AddMissing(ref packet);
        if (user.Length > 0)
            count += Add(EnvironKeys.RemoteUser, user, ref packet);
        return count + Add(EnvironKeys.Scheme, Scheme, ref packet);
    }

    /// <summary>PEP 3333 wants these, and applications count on them; nginx's `uwsgi_params` has all but the first.</summary>
    private int AddMissing(ref PacketWriter packet)
    {
        int count = 0;
        if (_known.ScriptName is null)
            count += Add(EnvironKeys.ScriptName, "", ref packet);
        if (_known.Query is null)
            count += Add(EnvironKeys.Query, "", ref packet);
        if (_known.Protocol is null)
            count += Add(EnvironKeys.Protocol, "HTTP/1.1", ref packet);
        if (_known.ServerName is null)
            count += Add(EnvironKeys.ServerName, Host, ref packet);
        if (_known.ServerPort is null)
            count += Add(EnvironKeys.ServerPort, IsHttps ? "443" : "80", ref packet);
        if (_known.RemoteAddress is null)
            count += Add(EnvironKeys.RemoteAddress, Address, ref packet);
        if (_known.Uri is null)
            count += Add(EnvironKeys.Uri, Target, ref packet);
        return count;
    }

    /// <summary>The server in front hands on what its own client says, a load balancer perhaps: uWSGI believes anybody, we trusted proxies.</summary>
    private bool IsForwardedSecurely(TrustedProxies proxies)
        => _known.ForwardedScheme is not null && Ascii.EqualsIgnoreCase(Bytes(_known.ForwardedScheme), "https"u8)
            && (IPAddress.TryParse(Address, out var address)
                ? proxies.Contains(SocketName.Of(address.GetAddressBytes(), 0))
                : Address is "" or "unix:" && proxies.Contains(default));

    /// <summary>Modifier 30: what the mount point has taken is not seen twice.</summary>
    private string WithoutScriptName(string path)
    {
        string script = _managesPath ? Text(_known.ScriptName).TrimEnd('/') : "";
        return script.Length > 0 && path.StartsWith(script, StringComparison.Ordinal) && (path.Length == script.Length || path[script.Length] == '/')
            ? path[script.Length..]
            : path;
    }

    private static bool IsLeftOut(ReadOnlySpan<byte> name)
        => name.Length >= 5 && (name.StartsWith("wsgi."u8) || (name.Length == 10 && name.SequenceEqual("HTTP_PROXY"u8)));

    private static int Add(byte[] key, string value, ref PacketWriter packet)
    {
        packet.Raw(key);
        packet.Text(value);
        return 1;
    }

    private static string MethodOf(ReadOnlySpan<byte> name)
        => name.SequenceEqual("GET"u8) ? "GET"
            : name.SequenceEqual("POST"u8) ? "POST"
            : name.SequenceEqual("HEAD"u8) ? "HEAD"
            : Encoding.Latin1.GetString(name);

    private ReadOnlySpan<byte> Bytes(Range? at) => at is { } range ? _variables.AsSpan(range) : default;

    private string Text(Range? at) => Encoding.Latin1.GetString(Bytes(at));
}
