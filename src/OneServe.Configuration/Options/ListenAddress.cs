using System.Globalization;
using System.Net;
using System.Text;

namespace OneServe.Configuration;

/// <summary>Checks the form of an address to listen on, and brings it to the forms that the rest of the server knows.</summary>
internal static class ListenAddress
{
    private const string DescriptorScheme = "fd://";

    /// <summary>Bytes of sun_path that a path may fill, its final zero left out (unix(7)).</summary>
    private const int MaxUnixPath = 107;

    /// <summary>An address in canonical form, or what is wrong with it.</summary>
    public readonly record struct Result(string Address, string? Problem = null, string? Hint = null);

    /// <param name="text">`host:port`, `:port`, `*:port`, `[v6]:port`, `@abstract`, `fd://3`, or a path.</param>
    /// <param name="directory">Where relative paths begin.</param>
    public static Result Parse(string text, string directory)
    {
        if (text.StartsWith(DescriptorScheme, StringComparison.Ordinal))
        {
            return ParseDescriptor(text, text[DescriptorScheme.Length..]);
        }

        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme > 0)
        {
            return new Result(text, $"`{text}` is a URL, not an address", text[(scheme + 3)..].TrimEnd('/'));
        }

        if (text.StartsWith('@'))
        {
            return CheckUnix(text, text.Length > 1);
        }

        int colon = text.LastIndexOf(':');
        if (text.Contains('/') || IsSocketName(text))
        {
            string path = ConfigurationPath.Join(directory, text);
            return CheckUnix(path, !text.EndsWith('/'));
        }

        return colon < 0 ? MissingPort(text) : ParseHostAndPort(text[..colon], text[(colon + 1)..]);
    }

    private static Result ParseHostAndPort(string host, string portText)
    {
        string whole = $"{host}:{portText}";
        if (!ushort.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            string digits = string.Concat(portText.TakeWhile(char.IsAsciiDigit));
            bool hasMore = digits.Length is > 0 and < 6 && digits.Length < portText.Length;
            return new Result(whole, $"`{portText}` is not a port", hasMore ? $"{host}:{digits}" : "ports are numbers from 0 to 65535");
        }

        string canonicalPort = port.ToString(CultureInfo.InvariantCulture);
        if (host is "" or "*")
        {
            return new Result($":{canonicalPort}");
        }

        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            bool valid = IPAddress.TryParse(host[1..^1], out IPAddress? address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
            return valid ? new Result($"{host}:{canonicalPort}") : new Result(whole, $"`{host}` is not an IPv6 address");
        }

        if (host.Contains(':'))
        {
            bool isOpen = host.StartsWith('[');
            return new Result(whole, "an IPv6 address stands in brackets", isOpen ? $"{whole}]:8000" : $"[{host}]:{canonicalPort}");
        }

        bool isName = host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
        return isName ? new Result($"{host}:{canonicalPort}") : new Result(whole, $"`{host}` is not a host name or an address");
    }

    private static Result ParseDescriptor(string text, string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int descriptor)
            ? new Result(string.Create(CultureInfo.InvariantCulture, $"{DescriptorScheme}{descriptor}"))
            : new Result(text, $"`{number}` is not the number of a descriptor", "the first one that a parent passes on is fd://3");

    private static Result MissingPort(string text)
    {
        // uWSGI makes a UNIX socket of that name in the working directory, which is never what was meant.
        bool isNumber = text.All(char.IsAsciiDigit);
        return new Result(
            text,
            isNumber ? $"`{text}` is a port without a colon" : $"`{text}` has no port",
            isNumber ? $":{text}" : $"{text}:8000, or ./{text} for a UNIX socket");
    }

    private static bool IsSocketName(string text) =>
        text.EndsWith(".sock", StringComparison.Ordinal) || text.EndsWith(".socket", StringComparison.Ordinal);

    private static Result CheckUnix(string path, bool named)
    {
        if (!named)
        {
            return new Result(path, "the UNIX socket has no name");
        }

        int length = Encoding.UTF8.GetByteCount(path);
        return length <= MaxUnixPath
            ? new Result(path)
            : new Result(path, $"the path of a UNIX socket may have {MaxUnixPath} bytes, this one has {length}", "use a shorter directory");
    }
}
