namespace OneServe.Gateway.Routing;

/// <summary>Path and query of a request target (RFC 9112, 3.2.1), whatever its form.</summary>
internal static class OriginForm
{
    public static string Of(string target)
    {
        if (target.StartsWith('/'))
            return target;
        int authority = target.IndexOf("://", StringComparison.Ordinal);
        // The asterisk of OPTIONS.
        if (authority < 0)
            return "/";
        int end = target.AsSpan(authority + 3).IndexOfAny('/', '?');
        if (end < 0)
            return "/";
        string rest = target[(authority + 3 + end)..];
        return rest[0] == '/' ? rest : "/" + rest;
    }
}
