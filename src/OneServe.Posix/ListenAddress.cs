using System.Globalization;
using System.Net;
using System.Text;

namespace OneServe.Posix;

/// <summary>An address to listen on, as people write it.</summary>
public sealed record ListenAddress
{
    /// <summary>Bytes of sun_path, the terminating zero included (unix(7)).</summary>
    private const int LongestPath = 107;

    private const string DescriptorScheme = "fd://";

    private ListenAddress(string text) => Text = text;

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>TCP: the host's name or number; empty: all IPv4 addresses.</summary>
    public string? Host { get; private init; }

    /// <summary>TCP: 0 lets the kernel choose.</summary>
    public int Port { get; private init; }

    /// <summary>UNIX socket: the path.</summary>
    public string? Path { get; private init; }

    /// <summary>UNIX socket without a path (unix(7), "abstract"): the name without its `@`.</summary>
    public string? AbstractName { get; private init; }

    /// <summary>The number of an inherited descriptor that listens already.</summary>
    public int? Descriptor { get; private init; }

    /// <summary>An address of TCP; not known of a descriptor.</summary>
    public bool IsTcp => Host is not null;

    /// <summary>
    /// Reads `host:port`, `:port`, `*:port`, `[::1]:port` (`[::]:port`: IPv6 and IPv4), a port alone, a UNIX path, `@abstract`,
    /// `fd://3`. Null: what is wrong stands in <paramref name="error"/>.
    /// </summary>
    public static ListenAddress? Parse(string text, out string error)
    {
        error = "";
        string trimmed = text.Trim();
        if (trimmed.Length == 0)
            return Wrong("is empty", out error);
        if (trimmed[0] == '@')
            return Unix(trimmed, trimmed[1..], isAbstract: true, out error);
        if (trimmed.StartsWith(DescriptorScheme, StringComparison.Ordinal))
            return Inherited(trimmed, trimmed[DescriptorScheme.Length..], out error);
        if (IsDigits(trimmed))
            return Tcp(trimmed, "", trimmed, out error);
        if (trimmed[0] == '[')
        {
            int close = trimmed.IndexOf("]:", StringComparison.Ordinal);
            return close < 0 ? Wrong("has no `]:port`", out error) : Tcp(trimmed, trimmed[1..close], trimmed[(close + 2)..], out error);
        }
        int colon = trimmed.LastIndexOf(':');
        if (colon < 0 || trimmed[0] is '/' or '.')
            return Unix(trimmed, trimmed, isAbstract: false, out error);
        string host = trimmed[..colon];
        if (host.Contains(':'))
            return Wrong($"looks like IPv6: write it as [{host}]:{trimmed[(colon + 1)..]}", out error);
        return Tcp(trimmed, host == "*" ? "" : host, trimmed[(colon + 1)..], out error);
    }

    /// <summary>What to bind, resolved; null when the name has no address.</summary>
    public IPEndPoint? Resolve()
    {
        if (Host is null)
            return null;
        if (Host.Length == 0)
            return new IPEndPoint(IPAddress.Any, Port);
        if (IPAddress.TryParse(Host, out var address))
            return new IPEndPoint(address, Port);
        try
        {
            var found = Dns.GetHostAddresses(Host);
            // IPv4 first: `localhost:8000` means 127.0.0.1 to those who write it.
            var chosen = Array.Find(found, static a => a.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork) ?? found.FirstOrDefault();
            return chosen is null ? null : new IPEndPoint(chosen, Port);
        }
        catch (System.Net.Sockets.SocketException)
        {
            return null;
        }
    }

    public override string ToString() => Text;

    private static ListenAddress? Tcp(string text, string host, string port, out string error)
    {
        error = "";
        return IsDigits(port) && int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= ushort.MaxValue
            ? new ListenAddress(text) { Host = host, Port = number }
            : Wrong($"has `{port}` for a port; a port is a number from 0 to 65535", out error);
    }

    private static ListenAddress? Unix(string text, string name, bool isAbstract, out string error)
    {
        error = "";
        if (Encoding.UTF8.GetByteCount(name) > LongestPath)
            return Wrong($"is too long for a UNIX socket (at most {LongestPath} bytes)", out error);
        return isAbstract ? new ListenAddress(text) { AbstractName = name } : new ListenAddress(text) { Path = System.IO.Path.GetFullPath(name) };
    }

    private static ListenAddress? Inherited(string text, string number, out string error)
    {
        error = "";
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int descriptor)
            ? new ListenAddress(text) { Descriptor = descriptor }
            : Wrong($"has `{number}` for a descriptor; write its number, such as fd://3", out error);
    }

    private static bool IsDigits(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    private static ListenAddress? Wrong(string what, out string error)
    {
        error = what;
        return null;
    }
}
