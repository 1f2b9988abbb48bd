namespace OneServe.Gateway.Http;

/// <summary>
/// The one place where a request target becomes a path: static maps, routes and PATH_INFO all see what is decided here, so they cannot disagree.
/// </summary>
/// <remarks>
/// Percent-encoded octets are decoded once, <c>%2F</c> too; an incomplete or wrong escape stays as it is. Dot segments are removed after that
/// (RFC 3986, 5.2.4), so no encoding of <c>..</c> survives; empty segments (<c>//</c>) are kept. The result has one character for each octet,
/// as PEP 3333 wants it.
/// </remarks>
public static class RequestPath
{
    /// <summary>The decoded path of a request target in origin-form or absolute-form; <c>*</c> for the asterisk-form.</summary>
    /// <param name="target">The raw target (RFC 9112, 3.2).</param>
    /// <param name="plain">The server's own reading of the path, which is right whenever nothing is encoded.</param>
    public static string Decode(string target, string plain)
    {
        if (target == "*")
            return target;
        if (!target.Contains('%'))
            return plain.Length > 0 ? plain : "/";

        var path = target.AsSpan();
        if (path[0] != '/')
        {
            int authority = path.IndexOf("://", StringComparison.Ordinal);
            int slash = authority < 0 ? -1 : path[(authority + 3)..].IndexOfAny('/', '?');
            if (slash < 0)
                return "/";
            path = path[(authority + 3 + slash)..];
        }
        int query = path.IndexOf('?');
        if (query >= 0)
            path = path[..query];
        if (path.IsEmpty)
            return "/";

        char[]? rented = null;
        Span<char> decoded = path.Length <= 512 ? stackalloc char[path.Length] : (rented = new char[path.Length]);
        int length = DecodeEscapes(path, decoded);
        length = RemoveDotSegments(decoded[..length]);
        string result = new(decoded[..length]);
        GC.KeepAlive(rented);
        return result;
    }

    /// <summary>A decoded path without its dot segments.</summary>
    public static string WithoutDotSegments(string path)
    {
        if (!path.Contains("/.", StringComparison.Ordinal))
            return path;
        Span<char> resolved = path.ToCharArray();
        return new string(resolved[..RemoveDotSegments(resolved)]);
    }

    private static int DecodeEscapes(ReadOnlySpan<char> path, Span<char> to)
    {
        int length = 0;
        for (int i = 0; i < path.Length; i++)
        {
            if (path[i] == '%' && i + 2 < path.Length && char.IsAsciiHexDigit(path[i + 1]) && char.IsAsciiHexDigit(path[i + 2]))
            {
                to[length++] = (char)((HexValue(path[i + 1]) << 4) | HexValue(path[i + 2]));
                i += 2;
            }
            else
            {
                to[length++] = path[i];
            }
        }
        return length;
    }

    private static int HexValue(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    /// <summary>Removes <c>.</c> and <c>..</c> segments in place; a <c>..</c> above the root is dropped. Returns the new length.</summary>
    private static int RemoveDotSegments(Span<char> path)
    {
        if (path.IndexOf("/.".AsSpan()) < 0)
            return path.Length;
        int written = 0;
        int read = 0;
        while (read < path.Length)
        {
            // A segment begins at its slash.
            int next = path[(read + 1)..].IndexOf('/');
            int end = next < 0 ? path.Length : read + 1 + next;
            var segment = path[(read + 1)..end];
            bool last = end == path.Length;
            if (segment is ".")
            {
                if (last)
                    path[written++] = '/';
            }
            else if (segment is "..")
            {
                written = Math.Max(0, path[..written].LastIndexOf('/'));
                if (last)
                    path[written++] = '/';
            }
            else
            {
                path[read..end].CopyTo(path[written..]);
                written += end - read;
            }
            read = end;
        }
        return written;
    }
}
